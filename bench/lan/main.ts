import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES, type Case } from './cases.ts';
import { closeAllAtExit, closeAtEnd } from './closing.ts';
import { AS_FAST_AS_IT_GOES, product, reference, svmap, sweeper, type Contestant } from './contestants.ts';
import { removeLeftovers } from './lan.ts';
import { compile, inFolder } from './programs.ts';
import { networkFor, runOnce, type Place, type Result } from './run.ts';
import { render, type Row } from './table.ts';

const PROGRAMS = ['product', 'reference', 'sweeper', 'svmap'];

const USAGE = `npm run bench:sweep -- [--case NAME]... [--times N] [--quick] [--only PROGRAM]... [--program PATH]

Sweeps networks full of phones in two network namespaces that it makes and removes itself. Needs root, iproute2 and cc.
  --case    only this case (repeatable): ${[...new Set(CASES.map(({ name }) => name))].join(', ')}
  --times   runs of each program over each case (3)
  --quick   small networks and one run each: only shows that everything works
  --only    only this program (repeatable): ${PROGRAMS.join(', ')}
  --whole-svmap  svmap sweeps all of the network (about twenty minutes for a /16), not a sixteenth
  --program the sipcensus to measure (dist/app/main.js)`;

/** This machine, or this call, cannot do it. */
const EXIT_CANNOT = 3;

function refuse(words: string): never {
  console.error(words);
  process.exit(EXIT_CANNOT);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      case: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      times: { type: 'string' },
      quick: { type: 'boolean', default: false },
      program: { type: 'string', default: inFolder('../../dist/app/main.js') },
      'whole-svmap': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.case.find((name) => !CASES.some((test) => test.name === name));
  if (unknown !== undefined) refuse(`There is no case ${unknown}.\n\n${USAGE}`);
  const nobody = values.only.find((name) => !PROGRAMS.includes(name));
  if (nobody !== undefined) refuse(`There is no program ${nobody}.\n\n${USAGE}`);
  return { ...values, times: Math.max(1, Number(values.times ?? (values.quick ? 1 : 3)) || 1) };
}

type Options = ReturnType<typeof readOptions>;

function checkMachine({ program }: Options): void {
  if (process.getuid?.() !== 0)
    refuse('bench:sweep needs root: it makes network namespaces. Run it with sudo.');
  if (spawnSync('ip', ['netns', 'list']).status !== 0)
    refuse('bench:sweep needs `ip` with namespaces (iproute2, on Linux).');
  if (spawnSync('cc', ['--version']).status !== 0)
    refuse(
      'bench:sweep needs a C compiler named `cc` for its fleet of phones (Debian: apt-get install gcc).',
    );
  if (!existsSync(program))
    refuse(`There is no ${program}: run \`npm run build:program\`, or name one with --program.`);
}

/** A load of more than about a half before it began means that others worked too, and that the times are for nobody. */
const describeMachine = (): string =>
  `Node ${process.version}, ${availableParallelism()} cores, load before it began ${(loadavg()[0] ?? 0).toFixed(1)}`;

/** Whoever takes part in a case, the product first. */
function fieldOf(test: Case, options: Options, sweeperProgram: string): Contestant[] {
  const speed = test.isPolite ? [] : AS_FAST_AS_IT_GOES;
  const all: [string, Contestant | null][] = [
    ['product', product(resolve(options.program), speed, test.sweeps)],
  ];
  if (test.field === 'with references')
    all.push(
      ['reference', reference],
      ['sweeper', sweeper(sweeperProgram)],
      ['svmap', svmap({ passes: options.quick ? 1 : 3, narrower: options['whole-svmap'] ? 0 : 4 })],
    );
  return all.flatMap(([name, contestant]) =>
    contestant !== null && (options.only.length === 0 || options.only.includes(name)) ? [contestant] : [],
  );
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  checkMachine(options);
  closeAllAtExit();
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-sweep-'));
  closeAtEnd(() => rmSync(folder, { recursive: true, force: true }));
  const place: Place = { folder, fleetProgram: compile('fleet', folder), isQuick: options.quick };
  const sweeperProgram = compile('sweeper', folder);
  if (svmap({ passes: 1, narrower: 0 }) === null)
    console.error('svmap is not installed (Debian: apt-get install sipvicious): left out.');
  const machine = describeMachine();
  const rows: Row[] = [];
  for (const test of CASES.filter(({ name }) => options.case.length === 0 || options.case.includes(name)))
    rows.push(
      ...(await runCase(test, fieldOf(test, options, sweeperProgram), { place, times: options.times })),
    );
  console.log([machine, ...render(rows)].join('\n'));
  if (rows.some(({ results }) => results.some(({ isWhole }) => !isWhole))) process.exitCode = 1;
}

/** In turn, so that whatever else the machine does strikes all alike; svmap only once, because it is so slow. */
async function runCase(
  test: Case,
  field: readonly Contestant[],
  { place, times }: { place: Place; times: number },
): Promise<Row[]> {
  const resultsOf = new Map(field.map((contestant): [Contestant, Result[]] => [contestant, []]));
  for (let time = 1; time <= times; time++)
    for (const [contestant, results] of resultsOf) {
      if (contestant.isSlow && time > 1) continue;
      const result = await runOnce(test, contestant, place);
      results.push(result);
      console.error(progressLine(`${test.name}, ${contestant.name}, run ${time} of ${times}`, result));
    }
  return [...resultsOf].map(([contestant, results]) => ({
    test,
    network: networkFor(test, contestant, place),
    contestant: contestant.name,
    results,
  }));
}

const progressLine = (which: string, { seconds, right, phones, remarks }: Result): string =>
  [`${which}: ${seconds.toFixed(2)} s, ${right} of ${phones} found`, ...remarks].join('; ');

await main();
