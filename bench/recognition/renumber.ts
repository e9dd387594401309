import type { Labelled } from './labelled.ts';

/** Shorter runs are the names of programs (Zoiper 5), not a model in a series. */
const FEWEST_DIGITS = 2;

/**
 * The same strings with other models and other firmware: the digits of the model are exchanged for others in the text and in the
 * label alike, and so are those of the firmware. What a rule gets right there it has not learnt by heart. Rows whose text does not
 * spell the digits of their model, or tells no model, are left out.
 */
export const renumbered = (rows: readonly Labelled[]): Labelled[] =>
  rows.flatMap((row) => {
    const { model, firmware, mac } = row.told;
    const digits = model === null ? null : longestRun(model);
    if (model === null || digits === null) return [];
    const kept = [firmware, macIn(row.text, mac)].filter((part) => part !== null);
    const pieces = split(row.text, kept);
    if (!pieces.some((piece) => !kept.includes(piece) && piece.includes(digits))) return [];
    const others = exchange(digits);
    const newFirmware = firmware === null ? null : exchange(firmware);
    const text = pieces
      .map((piece) => {
        if (piece === firmware) return newFirmware ?? '';
        return kept.includes(piece) ? piece : piece.replaceAll(digits, others);
      })
      .join('');
    return {
      ...row,
      text,
      told: { ...row.told, model: model.replaceAll(digits, others), firmware: newFirmware },
    };
  });

function longestRun(model: string): string | null {
  const [longest] = (model.match(/\d+/g) ?? []).sort((a, b) => b.length - a.length);
  return longest !== undefined && longest.length >= FEWEST_DIGITS ? longest : null;
}

/** Each digit for another one, never a zero in front: 46 becomes 79, 8.7.5 becomes 1.1.8. */
const exchange = (text: string): string =>
  text.replace(/\d/g, (digit) => (Number(digit) < 7 ? String(Number(digit) + 3) : String(Number(digit) - 6)));

/** The MAC address as the text writes it. */
function macIn(text: string, mac: string | null): string | null {
  if (mac === null) return null;
  return new RegExp(Array.from(mac).join('[:-]?'), 'i').exec(text)?.[0] ?? null;
}

/** The text in pieces, with each of `parts` a piece of its own. */
function split(text: string, parts: readonly string[]): string[] {
  return parts.reduce<string[]>(
    (pieces, part) =>
      pieces.flatMap((piece) => {
        if (parts.includes(piece) || !piece.includes(part)) return [piece];
        const [before = '', ...after] = piece.split(part);
        return [before, ...after.flatMap((rest) => [part, rest])].filter((one) => one !== '');
      }),
    [text],
  );
}
