import type { Severity } from '../../../model/finding.ts';
import type { SupportLevel } from '../../../model/verdict.ts';
import { html } from './escape.ts';

// Mail programs drop style sheets, so all style is inline; and inline style cannot ask whether it is dark. So text and ground are the
// reader's own, what is softer is so by opacity, and the few colours below hold on white and on black.

/** Ground and text of a badge: at least 4.5 to 1 between them (WCAG 2.2, 1.4.3). */
export const BADGE_COLOURS: Readonly<Record<Severity | 'resolved', { ground: string; text: string }>> = {
  critical: { ground: '#b42318', text: '#ffffff' },
  warning: { ground: '#f3b73e', text: '#2e1f00' },
  info: { ground: '#2c5fb8', text: '#ffffff' },
  resolved: { ground: '#1c7a48', text: '#ffffff' },
};

/** Cool levels are those for which an SLA can be closed, warm ones are not. */
export const LEVEL_COLOURS: Readonly<Record<SupportLevel, string>> = {
  full: '#12799b',
  partial: '#58b6d6',
  basic: '#e2a336',
  unsupported: '#d03a2b',
  'not-applicable': '#868c98',
};

export const ACCENT = { ground: '#3553c7', text: '#ffffff' } as const;

export const SANS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
export const MONO = 'ui-monospace,Menlo,Consolas,monospace';

/** A line that shows on white and on black; where alpha is not known, the first colour stands. */
export const LINE = '1px solid #a9aeb8';
export const SOFT_LINE = 'border-color:rgba(128,134,148,.38)';
/** A ground a shade away from the reader's own; none where alpha is not known. */
export const TINT = 'background:rgba(128,134,148,.12)';
export const SOFT = 'opacity:.72';

/** Attributes of a table that only lays out. */
export const TABLE = html`role="presentation" cellpadding="0" cellspacing="0" border="0"`;
export const WIDE = html`${TABLE} width="100%"`;
