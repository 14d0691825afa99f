// One picture of the preview, small enough for POST /look.
const width = 640; // pixels at most
const most = 64 << 10; // bytes

export async function still(video: HTMLVideoElement): Promise<Blob | undefined> {
  if (!video.videoWidth) return undefined;
  const scale = Math.min(1, width / video.videoWidth);
  const canvas = new OffscreenCanvas(Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale));
  canvas.getContext('2d', { alpha: false })?.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.7, 0.4, 0.2]) {
    const picture = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (picture.size <= most) return picture;
  }
  return undefined;
}
