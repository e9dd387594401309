import type { Knowledge } from '../engine/knowledge.ts';
import { AppError } from '../model/app-error.ts';
import { formatFault } from '../model/fault.ts';
import { folderState } from '../platform/files.ts';
import type { Clock, Log } from '../platform/ports.ts';
import { loadKnowledge, type KnowledgeSources } from './knowledge.ts';

/** Looking costs one listing of a folder; file events would miss what changes on a network share. */
const LOOK_EVERY_MS = 2000;

/** The knowledge that holds, and what is wrong with the one that a person tried to put in its place. */
export interface LiveKnowledge {
  current: () => Knowledge;
  /** The first fault of the refused rule files with its place; null while the files on disk are those that hold. */
  trouble: () => string | null;
  stop: () => Promise<void>;
}

/**
 * Reads rules and policy again whenever the user's rule folder changes and has been still for a moment. Files with a fault are refused
 * as a whole, with file and line, and the old rules stay.
 */
export function keepKnowledge(parts: {
  knowledge: Knowledge;
  sources: KnowledgeSources;
  clock: Clock;
  log: Log;
  onChange: () => void;
}): LiveKnowledge {
  const { sources, clock, log } = parts;
  const { rulesFolder } = sources;
  let current = parts.knowledge;
  let trouble: string | null = null;
  const ending = new AbortController();

  const reload = (): void => {
    try {
      current = loadKnowledge(sources);
      trouble = null;
      log.info('rules.reloaded', { folder: rulesFolder, rules: current.matcher.size });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const [first] = error.faults;
      trouble = first === undefined ? error.message : formatFault(first);
      log.error('rules.refused', { folder: rulesFolder, faults: error.faults.map(formatFault).slice(0, 20) });
      return;
    }
    parts.onChange();
  };

  const watch = async (folder: string): Promise<void> => {
    let applied = folderState(folder);
    let seen = applied;
    for (;;) {
      await clock.sleep(LOOK_EVERY_MS, ending.signal);
      if (ending.signal.aborted) return;
      const state = folderState(folder);
      const isStill = state === seen;
      seen = state;
      if (!isStill || state === applied) continue;
      applied = state;
      reload();
    }
  };
  const ended = rulesFolder === null ? Promise.resolve() : watch(rulesFolder);

  return {
    current: () => current,
    trouble: () => trouble,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}
