/** HTML that needs no more escaping. */
export interface Html {
  readonly html: string;
}

type Value = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML in which every text that is put in is escaped, for content and for attributes in quotes. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html => ({
  html: parts
    .map((part, index) => part + (index < values.length ? render(values[index] ?? '') : ''))
    .join(''),
});

function render(value: Value): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((part) => part.html).join('\n');
}
