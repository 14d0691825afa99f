// Runs work now and every so many seconds while a component is shown and the page is visible, also after it has failed.
import { useEffect } from 'preact/hooks';

export function usePoll(work: () => Promise<unknown>, seconds: number) {
  useEffect(() => {
    let timer = 0;
    let over = false;
    const run = async () => {
      try {
        if (!document.hidden) await work();
      } finally {
        if (!over) timer = window.setTimeout(run, seconds * 1000);
      }
    };
    void run();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
}
