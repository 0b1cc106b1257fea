import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../api/http";
import { type EndpointInfo, listWarehouses, startWarehouse, stopWarehouse } from "../api/warehouses";
import { useSession } from "../auth/session";
import { useStoredState } from "../layout/stored_state";

export interface Warehouses {
  list: EndpointInfo[] | null;
  selected: EndpointInfo | null;
  failure: string | null;
  select: (id: string) => void;
  start: (id: string) => void;
  stop: (id: string) => void;
}

const kCalmInterval = 20_000;
const kBusyInterval = 700;

/**
 * The warehouses and the chosen one. Asks often while one changes its state or `attentive` says
 * that somebody waits for it, else only now and then, and not at all while the page is hidden.
 */
export function useWarehouses(attentive: boolean): Warehouses {
  const { token, end } = useSession();
  const [list, setList] = useState<EndpointInfo[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [chosen, setChosen] = useStoredState<string | null>("warehouse", null);

  const refresh = useCallback(async () => {
    try {
      setList(await listWarehouses(token));
      setFailure(null);
    } catch (error) {
      if (error instanceof ApiError && error.is_sign_in_needed) {
        end("Your session has ended. Sign in again.");
      }
      setFailure((error as Error).message);
    }
  }, [token, end]);

  const changing = list?.some(({ state }) => state.endsWith("ING") && state !== "RUNNING") ?? false;
  const interval = changing || attentive ? kBusyInterval : kCalmInterval;

  useEffect(() => {
    void refresh();
    const tick = () => {
      if (!document.hidden) void refresh();
    };
    const timer = setInterval(tick, interval);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [refresh, interval]);

  const act = async (action: typeof startWarehouse, id: string) => {
    try {
      await action(token, id);
    } catch (error) {
      setFailure((error as Error).message);
      return;
    }
    await refresh();
  };

  const usable = list?.filter(({ state }) => state !== "DELETED" && state !== "DELETING") ?? [];
  const selected =
    usable.find(({ id }) => id === chosen) ??
    usable.find(({ state }) => state === "RUNNING") ??
    usable[0] ??
    null;
  return {
    list: list && usable,
    selected,
    failure,
    select: setChosen,
    start: (id) => void act(startWarehouse, id),
    stop: (id) => void act(stopWarehouse, id),
  };
}
