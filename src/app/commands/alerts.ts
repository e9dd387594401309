import { addAcknowledge, addSilence, addSilences, addUnsilence } from '../alert-commands/silence.ts';
import { addDeliveries, addList, addSinks } from '../alert-commands/show.ts';
import { addTest } from '../alert-commands/test.ts';
import type { AddCommand } from './command.ts';

export const addAlerts: AddCommand = (program, exit) => {
  const alerts = program
    .command('alerts')
    .description(
      'what people are told of, where, and for how long not; without another word, what fires now',
    );
  for (const add of [
    addList,
    addAcknowledge,
    addSilence,
    addSilences,
    addUnsilence,
    addSinks,
    addTest,
    addDeliveries,
  ])
    add(alerts, exit);
};
