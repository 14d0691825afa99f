// Asks once more before something goes for good. Whoever shows it holds the dialog.
import type { RefObject } from 'preact';
import { more } from '../words/more';

interface Question {
  dialog: RefObject<HTMLDialogElement | null>;
  asks: string;
  does: string; // what the button that does it says
  act: () => void;
}

export function Confirm({ dialog, asks, does, act }: Question) {
  return (
    <dialog ref={dialog} aria-label={does}>
      <p>{asks}</p>
      <div class="pair">
        <button type="button" onClick={() => dialog.current?.close()}>
          {more.value.names.no}
        </button>
        <button type="button" class="danger" onClick={act}>
          {does}
        </button>
      </div>
    </dialog>
  );
}
