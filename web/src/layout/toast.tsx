import { useCallback, useEffect, useState } from "react";

interface Said {
  text: string;
  at: number;
}

/** One short sentence about what just happened, for eyes and for screen readers. */
export function useToast(): { say: (text: string) => void; toast: Said | null } {
  const [toast, setToast] = useState<Said | null>(null);
  const say = useCallback((text: string) => setToast({ text, at: Date.now() }), []);
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(() => setToast(null), 2600);
    return () => clearTimeout(timer);
  }, [toast]);
  return { say, toast };
}

export function Toast({ toast }: { toast: Said | null }) {
  return (
    <div className="toast" role="status" data-shown={toast !== null}>
      {toast?.text}
    </div>
  );
}
