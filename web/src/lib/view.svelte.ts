import { NO_FILTER, type Filter } from './filter.ts';
import { COLUMNS, DEFAULT_SORT, type Sort } from './sort.ts';

/** What the page shows, as far as its address tells it: a link shows another person the same. */
class View {
  filter = $state.raw<Filter>(NO_FILTER);
  sort = $state.raw<Sort>(DEFAULT_SORT);
  /** The device whose panel is open. */
  device = $state<string | null>(null);

  constructor() {
    this.#read();
    addEventListener('popstate', () => this.#read());
  }

  narrow(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
    history.replaceState(history.state, '', this.#address());
  }

  /** Shows just these devices, and brings the list onto the screen where it is far below. */
  show(change: Partial<Filter>): void {
    this.narrow({ ...NO_FILTER, ...change });
    const list = document.getElementById('devices');
    if (list !== null && list.getBoundingClientRect().top > innerHeight * 0.65) list.scrollIntoView();
  }

  sortBy(sort: Sort): void {
    this.sort = sort;
    history.replaceState(history.state, '', this.#address());
  }

  /** Opening is a step that the browser's back button undoes. */
  open(device: string): void {
    if (device === this.device) return;
    const isOpen = this.device !== null;
    this.device = device;
    if (isOpen) history.replaceState(history.state, '', this.#address());
    else history.pushState({ openedHere: true }, '', this.#address());
  }

  close(): void {
    if (this.device === null) return;
    this.device = null;
    if ((history.state as { openedHere?: boolean } | null)?.openedHere) history.back();
    else history.replaceState(null, '', this.#address());
  }

  #read(): void {
    const query = new URLSearchParams(location.search);
    const word = (name: string): string => query.get(name) ?? '';
    this.filter = {
      text: word('q'),
      level: word('level'),
      vendor: word('vendor'),
      kind: word('kind'),
      sla: word('sla'),
    };
    this.sort = toSort(word('sort'));
    this.device = query.get('device');
  }

  #address(): string {
    const { text, ...rest } = this.filter;
    const words = { q: text, ...rest, sort: fromSort(this.sort), device: this.device ?? '' };
    const query = new URLSearchParams(Object.entries(words).filter(([, value]) => value !== ''));
    return `${location.pathname}${query.size === 0 ? '' : `?${query}`}`;
  }
}

/** `-level` sorts by level, highest first. */
function toSort(word: string): Sort {
  const column = COLUMNS.find((name) => name === word.replace(/^-/, ''));
  return column === undefined ? DEFAULT_SORT : { column, isDescending: word.startsWith('-') };
}

const fromSort = (sort: Sort): string =>
  sort.column === DEFAULT_SORT.column && sort.isDescending === DEFAULT_SORT.isDescending
    ? ''
    : `${sort.isDescending ? '-' : ''}${sort.column}`;

export const view = new View();
