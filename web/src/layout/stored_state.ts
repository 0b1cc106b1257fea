import { useCallback, useState } from "react";

function read<T>(storage: Storage, key: string, fallback: T): T {
  try {
    const text = storage.getItem(key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback; // written by another version, or storage is blocked
  }
}

/** useState whose value outlives the page: in this tab, or in this browser. */
export function useStoredState<T>(
  key: string,
  fallback: T,
  where: "tab" | "browser" = "browser",
): [T, (value: T) => void] {
  const storage = where === "tab" ? sessionStorage : localStorage;
  const [value, setValue] = useState<T>(() => read(storage, `tarn.${key}`, fallback));
  const set = useCallback(
    (next: T) => {
      setValue(next);
      try {
        storage.setItem(`tarn.${key}`, JSON.stringify(next));
      } catch {
        // A full or blocked storage costs the memory of it, not the action.
      }
    },
    [key, storage],
  );
  return [value, set];
}
