/** 大字版, remembered on this device. */
import { useCallback, useState } from "react";
import type { Store } from "../conversation/store";

const ELDER_KEY = "duanka:elder";

/** Whether letters are large, and how to switch. What the resident chose goes before what the page asks for. */
export function useElderMode(store: Store, asked: boolean): [boolean, () => void] {
  const [elder, setElder] = useState(() => {
    const chosen = store.get(ELDER_KEY);
    return chosen === null ? asked : chosen === "1";
  });
  const toggle = useCallback(() => {
    store.set(ELDER_KEY, elder ? "0" : "1");
    setElder(!elder);
  }, [elder, store]);
  return [elder, toggle];
}
