// Both fencers' bones on a canvas over the picture.
import { bones, type Keypoints } from '../core/keypoints';
import type { Pose, Side } from '../core/protocol';

const surest = 0.3; // joints that are less sure are left out

function drawPose(context: CanvasRenderingContext2D, pose: Pose | undefined, colour: string) {
  context.strokeStyle = colour;
  context.beginPath();
  for (const [from, to] of bones) {
    const [a, b] = [pose?.[from], pose?.[to]];
    if (!a || !b || a[2] < surest || b[2] < surest) continue;
    context.moveTo(a[0], a[1]);
    context.lineTo(b[0], b[1]);
  }
  context.stroke();
}

export interface Colours {
  left: string;
  right: string;
}

export function drawSkeletons(canvas: HTMLCanvasElement, keypoints: Keypoints, frame: number, colours: Colours) {
  drawPoses(canvas, { left: keypoints.left[frame], right: keypoints.right[frame] }, colours);
}

export function drawPoses(canvas: HTMLCanvasElement, of: Record<Side, Pose | undefined>, colours: Colours) {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.lineWidth = Math.max(2, canvas.height / 240);
  context.lineCap = 'round';
  drawPose(context, of.left, colours.left);
  drawPose(context, of.right, colours.right);
}

export function clearSkeletons(canvas: HTMLCanvasElement) {
  canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
}
