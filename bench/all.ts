import { benchIdentify, benchRules } from './identify.ts';
import { benchIntake } from './intake.ts';
import { formatFigure, IS_QUICK } from './measure.ts';
import { benchParse } from './parse.ts';
import { benchSweep } from './sweep.ts';

/** Medians of seven rounds, with least and most: these figures are for comparing two states of the code on one machine. */
for (const line of benchRules()) console.log(line);
for (const figure of [benchParse(), ...benchIdentify(), ...benchIntake()]) console.log(formatFigure(figure));
for (const line of [
  ...(await benchSweep(IS_QUICK ? 1 : 10, 1000)),
  ...(IS_QUICK ? [] : await benchSweep(1, 100)),
])
  console.log(line);
