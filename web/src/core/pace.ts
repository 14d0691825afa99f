// How many of the camera's pictures are filmed where the net is slower than they come.
const mostBehind = 0.5; // s of film that the service has not acknowledged yet
const fewest = 12; // pictures a second; a phrase of fewer is hard to judge

// Of how many pictures one is filmed. waiting: pictures that were sent and not acknowledged; fps: as the camera gives them.
export function oneOf(waiting: number, fps: number): number {
  const slower = 1 + Math.floor(waiting / (fps * mostBehind));
  return Math.max(1, Math.min(slower, Math.floor(fps / fewest)));
}
