/** One entry of a list to choose from: its name in data, and the word people see. */
export interface Choice {
  name: string;
  word: string;
}

/** Told the name of what was chosen; the empty name is none of them. */
export type Choose = (name: string) => void;
