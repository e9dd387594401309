import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { factsOf as factsOfAnswer } from '../channels/sip-options/facts.ts';
import { factsOf as factsOfRequest } from '../channels/sip-pnp/facts.ts';
import { draftRule, type Draft } from '../identify/draft/draft-rule.ts';
import { draftText } from '../identify/draft/draft-text.ts';
import { createMatcher } from '../identify/match.ts';
import type { RuleSet } from '../identify/rule.ts';
import { AppError } from '../model/app-error.ts';
import type { Fact } from '../model/fact.ts';
import type { Fault } from '../model/fault.ts';
import type { Language, LocalText } from '../model/text.ts';
import { fileTrouble } from '../platform/files.ts';
import { findDevices } from '../store/devices.ts';
import { latestSightings } from '../store/sightings.ts';
import { parseSip } from '../wire/sip/parse.ts';
import { dataDirOf, openInventory } from './compose.ts';
import { readRules, tryRuleFile } from './knowledge.ts';

/** What a rule is drafted from: one device of the inventory, one raw message, or one User-Agent. */
export interface DraftSource {
  device: string | undefined;
  message: string | undefined;
  userAgent: string | undefined;
  site: string;
  dataDir: string | undefined;
}

const REMARKS: readonly LocalText[] = [
  {
    en: 'A draft: it fits the device that it was made from, without what identifies people. What is left to you:',
    nl: 'Een concept: het past op het toestel waarvan het gemaakt is, zonder wat mensen herkenbaar maakt. Wat u nog doet:',
  },
  {
    en: '1. vendor: is this how the maker writes its name?  2. kind: desk-phone, dect-base, ata, …?',
    nl: '1. vendor: schrijft het merk zijn naam zo?  2. kind: desk-phone, dect-base, ata, …?',
  },
  {
    en: '3. pattern: which part is the model, and how else may it look?  4. more examples, and the nearest thing that it is not.',
    nl: '3. pattern: welk deel is het model, en hoe kan het er nog meer uitzien?  4. meer voorbeelden, en wat er het meest op lijkt maar het niet is.',
  },
  {
    en: 'Read it once more for names and numbers of people before you send it to anybody.',
    nl: 'Lees het na op namen en nummers van mensen voor u het iemand stuurt.',
  },
];

/** A rule file for a phone that is not known, to be finished by a person, and what is still wrong with it. Throws AppError. */
export function draftRuleFile(
  source: DraftSource,
  rulesFolder: string | null,
  language: Language,
): { draft: Draft; text: string; faults: readonly Fault[] } {
  const draft = draftFrom(factsFrom(source), readRules(rulesFolder));
  const text = draftText(
    draft,
    REMARKS.map((remark) => remark[language]),
  );
  const vendors = draft.isNewVendor ? [draft.vendor] : [];
  const tried = tryRuleFile({ file: 'draft', text, vendors }, rulesFolder);
  return { draft, text, faults: tried.ok ? [] : tried.fault };
}

function factsFrom({ device, message, userAgent, site, dataDir }: DraftSource): Fact[] {
  const given = [device, message, userAgent].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new AppError('USAGE', 'Name one device, one --message or one --user-agent.', {
      hint: '`sipcensus devices` lists the devices.',
    });
  if (userAgent !== undefined) return [{ field: 'sip.user_agent', value: userAgent }];
  if (message !== undefined) return factsOfMessage(message);
  const db = openInventory(dataDirOf(dataDir, process.env));
  try {
    const [found] = findDevices(db, site, device ?? '');
    if (found === undefined)
      throw new AppError('NOT_FOUND', `No device "${device}" in the inventory of site ${site}.`, {
        hint: '`sipcensus devices` lists them; write an id, a MAC or an address.',
      });
    return latestSightings(db, found.id).flatMap(({ facts }) => facts);
  } finally {
    db.close();
  }
}

function factsOfMessage(file: string): Fact[] {
  const name = file === '-' ? 'standard input' : file;
  const message = parseSip(readBytes(file, name));
  if (!message.ok)
    throw new AppError('INPUT_INVALID', `${name} holds no SIP message: ${message.fault}.`, {
      hint: 'It begins with the first line, such as "SIP/2.0 200 OK", and holds nothing else.',
    });
  return 'statusCode' in message.value ? factsOfAnswer(message.value) : factsOfRequest(message.value);
}

function readBytes(file: string, name: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new AppError('INPUT_INVALID', `${name} cannot be read: ${fileTrouble(error)}.`, { cause: error });
  }
}

function draftFrom(facts: readonly Fact[], ruleSet: RuleSet): Draft {
  const matcher = createMatcher(ruleSet);
  const draft = draftRule(facts, {
    vendors: ruleSet.vocabulary.vendors,
    vendor: matcher.combine(matcher.match(facts, true)).identity.vendor ?? null,
    matching: (fact) =>
      matcher
        .trials([fact, ...facts])
        .slice(0, 1)
        .flatMap(({ trials }) => trials)
        .filter(({ outcome }) => outcome !== 'not-matched')
        .map(({ rule }) => rule.id),
  });
  if (draft !== null) return draft;
  throw new AppError('INPUT_INVALID', 'Nothing was heard that a rule could go by.', {
    hint: 'A rule needs a User-Agent, a Server, a PnP model, or at least two of Allow, Supported, Accept, Allow-Events.',
  });
}

/** Writes a draft, and a vendor that is new into vendors.txt beside it; says what it did, a line each. Throws AppError. */
export function writeDraft(file: string, text: string, draft: Draft): string[] {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    const lines = [`${file} is written.`];
    if (draft.isNewVendor) {
      const vendors = join(dirname(file), 'vendors.txt');
      const before = existsSync(vendors) ? readFileSync(vendors, 'utf8') : '';
      const isListed = before.split('\n').includes(draft.vendor);
      if (!isListed)
        writeFileSync(
          vendors,
          `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${draft.vendor}\n`,
        );
      lines.push(`${draft.vendor} is new to us and stands in ${vendors}.`);
    }
    lines.push(`Finish ${basename(file)}, then run: sipcensus rules check ${dirname(file)}`);
    return lines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new AppError('INPUT_INVALID', `${file} cannot be written: ${fileTrouble(error)}.`, {
        cause: error,
      });
    throw new AppError('INPUT_INVALID', `${file} exists already, and is left as it is.`, {
      hint: 'Name another file; a folder may hold any number of rule files.',
      cause: error,
    });
  }
}
