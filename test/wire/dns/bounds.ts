import { MAX_ENTRIES, MAX_TEXTS, type DnsMessage } from '../../../src/wire/dns/message.ts';
import { MAX_LABEL_BYTES, MAX_LABELS } from '../../../src/wire/dns/name.ts';

/** Whether a message keeps no more of a stranger's bytes than it may. */
export function isBounded({ questions, answers, authorities, additionals }: DnsMessage): boolean {
  const records = [...answers, ...authorities, ...additionals];
  const names = [
    ...[...questions, ...records].map(({ name }) => name),
    ...records.flatMap((record) => ('target' in record ? [record.target] : [])),
  ];
  const texts = records.flatMap((record) => (record.type === 'TXT' ? [record.texts] : []));
  return (
    questions.length + records.length <= MAX_ENTRIES &&
    names.every((name) => name.length <= MAX_LABELS) &&
    names.flat().every((label) => label.length > 0 && label.length <= MAX_LABEL_BYTES) &&
    texts.every((list) => list.length <= MAX_TEXTS) &&
    texts.flat().every((text) => text.length > 0 && text.length <= 255)
  );
}
