// The camera behind the phone. What is asked for are wishes: limits make some browsers refuse.
export async function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      facingMode: { ideal: 'environment' },
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
    },
  });
}

// Whether the phone's own light can be switched on; its names are younger than TypeScript's.
export function hasTorch(track: MediaStreamTrack | undefined): boolean {
  const { torch } = (track?.getCapabilities?.() ?? {}) as { torch?: boolean | boolean[] };
  return Array.isArray(torch) ? torch.includes(true) : torch === true;
}

export function isLit(track: MediaStreamTrack): boolean {
  return (track.getSettings() as { torch?: boolean }).torch === true;
}

export async function lightUp(track: MediaStreamTrack, torch: boolean) {
  await track.applyConstraints({ advanced: [{ torch } as MediaTrackConstraintSet] });
}

// Whether the browser lets a page near a camera at all: only on https, or on the machine itself.
export function isSafePage(): boolean {
  return isSecureContext && navigator.mediaDevices !== undefined;
}

// Keeps the screen on; the lock is lost whenever the page is hidden, so it is taken again. Returns what lets go.
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let over = false;
  const take = async () => {
    if (document.hidden) return;
    lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
    if (over) void lock?.release();
  };
  document.addEventListener('visibilitychange', take);
  void take();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', take);
    void lock?.release();
  };
}
