/** One figure of a bench: what was done, how often in a second (median of the rounds), and between which figures the rounds lay. */
export interface Figure {
  what: string;
  perSecond: number;
  least: number;
  most: number;
}

/** `--quick` only shows that everything runs: one round, whose figures are for nobody. */
export const IS_QUICK = process.argv.includes('--quick');

const ROUNDS = IS_QUICK ? 1 : 7;

/** Runs `work`, which does `count` things, several times after a warm-up; these machines are shared, so the median counts. */
export function measure(what: string, count: number, work: () => void): Figure {
  work();
  const rates = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    work();
    return count / ((performance.now() - startedAt) / 1000);
  }).sort((a, b) => a - b);
  return {
    what,
    perSecond: rates[Math.floor(ROUNDS / 2)] ?? 0,
    least: rates[0] ?? 0,
    most: rates.at(-1) ?? 0,
  };
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');

export const formatFigure = ({ what, perSecond, least, most }: Figure): string =>
  `${what.padEnd(48)} ${whole(perSecond).padStart(12)}/s   (${whole(least)} to ${whole(most)})`;
