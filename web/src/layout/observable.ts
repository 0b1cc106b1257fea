import { useSyncExternalStore } from "react";

/** A store outside React: tells its listeners that something changed, `version` says how often. */
export class Observable {
  #listeners = new Set<() => void>();
  #version = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  protected changed(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Renders again whenever `store` changes; the number changes with it. */
export function useObservable(store: Observable): number {
  return useSyncExternalStore(store.subscribe, store.version);
}
