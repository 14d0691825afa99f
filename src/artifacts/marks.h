// The small marks of the timeline and of its legend. Internal to the module.
#pragma once

#include "artifacts/canvas.h"

namespace piste::artifacts {

void draw_hit(Canvas& canvas, cv::Point2d at, Colour colour, double scale);
// Who began: the flag's pole is at the moment.
void draw_flag(Canvas& canvas, cv::Point2d at, double scale);
// Over what is doubtful.
void draw_grille(Canvas& canvas, const cv::Rect2d& box, double scale);
// What the colours and marks mean, in a line.
void draw_legend(Canvas& canvas, const cv::Rect2d& place, double scale);

}  // namespace piste::artifacts
