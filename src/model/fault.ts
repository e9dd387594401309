/** One thing wrong in something a person wrote, told so that they can mend it: what, where, what to do. */
export interface Fault {
  /** File name, or a word for the source such as `command line`. */
  file: string;
  /** 1-based; null where the text has no such place. */
  line: number | null;
  column: number | null;
  message: string;
  hint?: string;
}

/** `rules/acme.yaml:12:5: unknown key "patern". Did you mean "pattern"?` */
export function formatFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.line === null ? null : fault.column].filter(
    (part) => part !== null,
  );
  return `${place.join(':')}: ${fault.message}${fault.hint === undefined ? '' : ` ${fault.hint}`}`;
}
