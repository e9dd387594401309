let said = $state('');
let saying: ReturnType<typeof setTimeout> | undefined;

/** Long enough that typing is not talked over. */
const SOON_MS = 800;

/** The latest thing told to those who listen to the page instead of looking at it. */
export const announcement = (): string => said;

/** Says a short sentence to screen readers. For what a person must know at once, and nothing else. */
export function announce(sentence: string): void {
  said = sentence;
}

/** Says it when nothing else is to be said for a moment. */
export function announceSoon(sentence: () => string): void {
  clearTimeout(saying);
  saying = setTimeout(() => announce(sentence()), SOON_MS);
}
