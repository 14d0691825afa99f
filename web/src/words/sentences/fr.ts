// What the service says, by its codes (src/types/sentences.inc).
export const said: Record<string, string> = {
  no_light: 'Aucune lampe : rien de valable n’a été touché',
  single_light: 'Une seule lampe : seul le tireur de {who} a touché',
  off_target: 'Pas de touche : le tireur de {who} a touché hors surface, ce qui arrête la phrase',
  both_off_target: 'Pas de touche : les deux ont touché hors surface',
  first_hit: 'Le tireur de {who} a touché en premier : l’autre touche est venue plus de 50 ms après',
  double_hit: 'Coup double : une touche pour chacun',
  attack: 'Attaque de {who}',
  riposte: 'Parade-riposte de {who}',
  remise: 'Remise de {who}',
  point_in_line: 'Pointe en ligne de {who}',
  attack_by_little: 'Attaque de {who}, de peu : on ne voit personne commencer ou s’arrêter avant l’autre',
  simultaneous: 'Actions simultanées, pas de touche',
  priority_off_target: 'Pas de touche, le tireur de {who} a touché hors surface',
  even: 'Deux lampes, et les deux ont fait de même : pas de touche',
  badly_seen: 'Deux lampes, mais on ne voit pas assez bien les tireurs pour dire qui a la priorité',
  no_fencing: 'Deux lampes, mais ce qu’on voit n’est pas de l’escrime',
  light_no_fencing: 'Une lampe, mais ce qu’on voit n’est pas de l’escrime',
  riposted_at_once:
    'Le tireur de {who} a pris le fer à {at:2} s et a continué aussitôt, celui de {other} n’avançait plus',
  riposted_late:
    'Le tireur de {who} a paré à {at:2} s mais n’a riposté que {by:2} s plus tard, après la remise de {other}',
  beat: 'Le tireur de {who} a pris le fer à {at:2} s et a continué d’avancer',
  counter_attacked: 'Le tireur de {who} a contre-attaqué à {at:2} s, dans l’attaque de {other} commencée à {from:2} s',
  was_in_line: 'La pointe de {who} était en ligne dès {at:2} s, avant l’attaque de {other} à {from:2} s',
  was_preparing: 'Le tireur de {who} préparait encore quand celui de {other} a attaqué à {at:2} s',
  gave_way_to_hit: 'Le tireur de {who} a reculé de {at:2} s jusqu’à la touche pendant que celui de {other} avançait',
  went_back_at: 'Le tireur de {who} a reculé à {at:2} s pendant que celui de {other} continuait d’avancer',
  stopped_at: 'Le tireur de {who} s’est arrêté à {at:2} s pendant que celui de {other} continuait d’avancer',
  came_other_gave_way:
    'Le tireur de {who} a avancé de {at:2} s jusqu’à la touche pendant que celui de {other} reculait',
  came_other_stood:
    'Le tireur de {who} a avancé de {at:2} s jusqu’à la touche pendant que celui de {other} restait sur place',
  came_first: 'Le tireur de {who} a avancé dès {at:2} s, celui de {other} seulement à {from:2} s, {by:2} s plus tard',
  came_other_went_back:
    'Le tireur de {who} a avancé de {metres:1} m dans les {time:1} dernières secondes avant la touche, celui de {other} a reculé',
  came_further:
    'Le tireur de {who} a avancé {metres:1} m de plus que celui de {other} dans les {time:1} dernières secondes avant la touche',
  gave_way_further:
    'Le tireur de {who} a cédé {metres:1} m de plus que celui de {other} dans les {time:1} dernières secondes avant la touche',
  gave_ground: 'Le tireur de {who} a cédé {metres:1} m de terrain de {at:2} s jusqu’à la touche',
  gave_more_ground: 'Le tireur de {who} a cédé {metres:1} m de plus que celui de {other}, à partir de {at:2} s',
  drew_hand_back: 'Le tireur de {who} a retiré la main dans les 0,3 dernières secondes avant la touche',
  hand_came_other_drew:
    'La main de {who} est partie en avant dans les 0,3 dernières secondes avant la touche, celle de {other} a été retirée',
  hand_came_further:
    'La main de {who} est allée {metres:1} m plus loin que celle de {other} dans les 0,3 dernières secondes avant la touche',
  went_on_after_blades:
    'Après la rencontre des fers à {at:2} s, le tireur de {who} a continué d’avancer, celui de {other} non',
  arm_came: 'Le bras de {who} est parti en avant de {from:2} s à {to:2} s',
  arm_came_until: 'Le bras de {who} est parti en avant jusqu’à {to:2} s',
  arm_drawn: 'Le tireur de {who} a retiré le bras de {from:2} s à {to:2} s',
  arm_drawn_until: 'Le tireur de {who} a retiré le bras jusqu’à {to:2} s',
  arm_kept: 'Le tireur de {who} a gardé le bras en arrière de {from:2} s à {to:2} s',
  arm_kept_until: 'Le tireur de {who} a gardé le bras en arrière jusqu’à {to:2} s',
  came: 'Le tireur de {who} a avancé de {from:2} s à {to:2} s',
  came_until: 'Le tireur de {who} a avancé jusqu’à {to:2} s',
  went_back: 'Le tireur de {who} a reculé de {from:2} s à {to:2} s',
  went_back_until: 'Le tireur de {who} a reculé jusqu’à {to:2} s',
  stood: 'Le tireur de {who} est resté sur place de {from:2} s à {to:2} s',
  stood_until: 'Le tireur de {who} est resté sur place jusqu’à {to:2} s',
  learned_stops: 'Ce qui a été appris des arrêts parle pour {who}',
  learned_ground_gained: 'Ce qui a été appris du terrain gagné parle pour {who}',
  learned_speeds: 'Ce qui a été appris des vitesses parle pour {who}',
  learned_ground_given: 'Ce qui a été appris du terrain cédé parle pour {who}',
  learned_hands: 'Ce qui a été appris des mains parle pour {who}',
  learned_blade: 'Ce qui a été appris du fer parle pour {who}',
  learned_postures: 'Ce qui a été appris des postures parle pour {who}',
  learned_motion: 'Ce qui a été appris de tout le mouvement parle pour {who}',
  learned_arms:
    'Ce qui a été appris de tout le mouvement parle pour {who}, surtout les bras de {fencer} de {from:2} s à {to:2} s',
  learned_arms_until:
    'Ce qui a été appris de tout le mouvement parle pour {who}, surtout les bras de {fencer} jusqu’à {to:2} s',
  learned_legs:
    'Ce qui a été appris de tout le mouvement parle pour {who}, surtout les jambes de {fencer} de {from:2} s à {to:2} s',
  learned_legs_until:
    'Ce qui a été appris de tout le mouvement parle pour {who}, surtout les jambes de {fencer} jusqu’à {to:2} s',
  learned_body:
    'Ce qui a été appris de tout le mouvement parle pour {who}, surtout ce qu’a fait le tireur de {fencer} de {from:2} s à {to:2} s',
  learned_body_until:
    'Ce qui a été appris de tout le mouvement parle pour {who}, surtout ce qu’a fait le tireur de {fencer} jusqu’à {to:2} s',
  attacked_at_once: 'Les deux ont attaqué ensemble, à {apart:2} m/s près',
  maybe_at_once: 'Que les deux aient agi ensemble a la probabilité {probability:2}',
  close: 'c’est serré',
  little: 'peu de choses parlent pour l’un ou l’autre',
  simultaneous_or_not: 'c’est peut-être simultané, ou l’un des deux était en avance',
  may_be_at_once: 'les deux ont peut-être agi ensemble',
  nothing_tells: 'rien ne distingue les deux tireurs',
  dates_disagree: 'ce qui a été appris à différentes dates ne s’accorde pas là-dessus',
  below_setting: 'la certitude est sous le seuil réglé',
  not_seen: 'on ne voit pas les tireurs',
  found_lamp: 'une seule lampe a été trouvée dans l’image : ce peut être une autre lumière, ou la seconde a échappé',
  another_light: 'on ne voit pas les tireurs : ce qui a été pris pour une lampe peut être une autre lumière',
  clocks_differ:
    'd’après le journal la touche est à {log:2} s, d’après le mouvement vers {motion:2} s : les horloges diffèrent peut-être ; le mouvement est jugé à {judged:2} s',
  slow_motion:
    'les tireurs se rapprochent à {speed:1} m/s au plus, plus lentement que toute attaque : c’est peut-être un ralenti',
  out_of_reach: 'les tireurs sont à {metres:1} m l’un de l’autre à la touche',
  both_turned: 'les deux se détournent l’un de l’autre dans la dernière seconde avant la touche ({at:2} s)',
  one_turned: 'celui de {who} se détourne de l’autre dans la dernière seconde avant la touche ({at:2} s)',
  nobody_moves: 'personne ne bouge dans la dernière seconde avant la touche ({at:2} s)',
  nobody_on_guard: 'personne n’est en garde ni ne se fend dans la dernière seconde avant la touche ({at:2} s)',
  video_begins_after: 'la vidéo commence {by:2} s après la touche',
  video_begins_late: 'la vidéo ne commence que {by:2} s avant la touche',
  video_ends_early: 'la vidéo finit {by:2} s avant la touche',
  no_frame_at_hit: 'aucune image n’est à moins de {by:2} s de la touche à {at:2} s',
  no_frame_before_hit: 'aucune image ne montre ce qui s’est passé de {from:2} s à {to:2} s, juste avant la touche',
  log_is_anothers: 'le journal parle de {log:2} s, la vidéo en montre {video:2} : ils ne vont peut-être pas ensemble',
  seen_in_part:
    'on ne voit le tireur de {who} que sur {percent:0} % des images de la dernière seconde avant la touche (de {from:2} s à {to:2} s)',
  hardly_recognised:
    'le tireur de {who} est à peine reconnu dans la dernière seconde avant la touche (de {from:2} s à {to:2} s) : note {score:2}, {good:2} est bon',
  length_changes:
    'la taille du corps de {who} change de {percent:0} % dans la dernière seconde avant la touche (de {from:2} s à {to:2} s) : d’autres personnes s’y mêlent peut-être',
  others_alike:
    'd’autres ressemblent presque autant à des tireurs que les deux qui sont suivis dans la dernière seconde avant la touche (de {from:2} s à {to:2} s) : le tireur de {who} est peut-être quelqu’un d’autre',
  too_small: 'le tireur de {who} fait {pixels:0} px de haut ; il en faut {needed:0}',
  lamp_hidden: 'la lampe de {who} était cachée quand elle s’est allumée',
  lamps_unsure: 'les lampes ont été lues dans l’image, sûr à {percent:0} %',
  lamps_came_often: 'des lampes se sont allumées plusieurs fois dans la vidéo',
  stretched: 'les images ont une autre forme qu’annoncé : les gens y sont étirés',
  not_upright: 'les tireurs ne sont pas debout sur la plupart des images',
  cut_before_hit: 'l’image est coupée {by:2} s avant la touche',
  still_before_hit: 'l’image est figée de {from:2} à {to:2} s',
  camera_unknown: 'on ne sait comment la caméra a bougé que pour {percent:0} % de la dernière seconde avant la touche',
  few_pictures:
    'il n’y a que {count:0} images nouvelles par seconde (il en faut {needed:0}) : c’est peut-être un ralenti',
  rates_unsettled:
    '{announced:g} images/s sont annoncées, les horodatages disent {stamped:g}, et on n’a pu décider lequel est vrai',
  many_phrases: 'le journal contient {count:0} phrases',
  many_double_hits: 'le journal contient {count:0} doubles touches',
  unreadable_hit: 'une touche du journal est illisible, {line}',
  fencer_unseen: 'On ne voit pas le tireur de {who} de {from:2} s à {to:2} s',
  fencer_faint: 'Le tireur de {who} est à peine reconnu de {from:2} s à {to:2} s',
  fencer_leaps:
    'Le tireur de {who} bondit de {from:2} s à {to:2} s, plus vite que n’importe qui : c’est peut-être une autre personne',
  fencer_in_question:
    'Le tireur de {who} est peut-être quelqu’un d’autre de {from:2} s à {to:2} s : d’autres y ressemblent autant à des tireurs',
  time_more: 'et une fois encore',
  times_more: 'et {count:0} fois encore',
  cuts: 'L’image est coupée, ou a tourné trop vite pour être suivie ({times:at}) : l’avant n’est pas comparé à l’après',
  camera_lost: 'On ne sait pas comment la caméra a bougé ({times:from})',
  black: 'L’image est noire ({times:from})',
  frozen: 'L’image est figée ({times:from})',
  blended: 'Les images sont mêlées, comme au ralenti : sur {pictures:0} par seconde, {new:0} sont nouvelles',
  repeated: 'Les images se répètent : sur {pictures:0} par seconde, {new:0} sont nouvelles',
  clock_was_set: 'l’horloge de l’émetteur a été réglée pendant la phrase : le saut est retiré',
  stamps_count: '{announced:g} images/s sont annoncées, les horodatages disent {stamped:g} : ils comptent',
  rate_counts: '{announced:g} images/s sont annoncées, les horodatages disent {stamped:g} : la cadence annoncée compte',
  no_rate_fits: 'la vidéo ne dit pas sa cadence ; on prend {rate:g}, car elle finit alors avec le journal',
  no_rate_guess: 'la vidéo ne dit pas sa cadence ; on prend {rate:g}',
  odd_rate_fits:
    '{announced:g} images/s sont annoncées, ce qu’aucune caméra ne donne ; on prend {rate:g}, car la vidéo finit alors avec le journal',
  odd_rate_guess: '{announced:g} images/s sont annoncées, ce qu’aucune caméra ne donne ; on prend {rate:g}',
  zero_put_right:
    'D’après les lampes dans l’image ({lamps}), le zéro du journal est {zero:0} ms après la première image, {by:0} ms {direction} que le réglage : corrigé',
  zero_left:
    'D’après les lampes dans l’image ({lamps}), le zéro du journal est {zero:0} ms après la première image, {by:0} ms {direction} que le réglage : laissé tel quel',
  last_hit_counts: 'Des lampes se sont allumées plusieurs fois ({lamps}) : la dernière touche compte',
  upside_down:
    'les tireurs ont la tête en bas : les images ont été tournées de 180 degrés ; gauche et droite sont comme vues alors',
  lying_clockwise:
    'les tireurs sont couchés : les images ont été tournées de 90 degrés dans le sens horaire ; gauche et droite sont comme vues alors',
  lying_counterclockwise:
    'les tireurs sont couchés : les images ont été tournées de 90 degrés dans le sens antihoraire ; gauche et droite sont comme vues alors',
  undecodable_frame: '1 image illisible : {numbers}',
  undecodable_frames: '{count:0} images illisibles : {numbers}',
  resized_frame:
    '1 image d’une autre taille qu’annoncé, la première, la {number:0}, de {size} : ramenée à {announced}, dont les points sont des pixels',
  resized_frames:
    '{count:0} images d’une autre taille qu’annoncé, la première, {number:0}, de {size} : ramenées à {announced}',
  numbers_begin: 'Les numéros d’image commencent à {number:0} au lieu de 0 ; le temps est compté de là',
  line_ignored: 'ligne {line:0} ignorée : {why} : {quoted}',
  and_more: 'et {count:0} autres',
  log_goes_back: 'les temps reculent à la ligne {line:0} ; les événements sont remis en ordre',
  nobody_named: 'aucune ligne ne nomme le tireur de {who}, dont la lampe s’est allumée ; touche prise à {at}',
  hit_without_lamp: 'une touche de {who} à {at} est ignorée : selon la ligne des lampes il n’y en a pas eu',
};

// Words that stand in the sentences as they come.
export const words: Record<string, string> = {
  later: 'plus tard',
  earlier: 'plus tôt',
  'with frame': 'à l’image',
  'not text': 'pas du texte',
  'no hit that can be read': 'aucune touche lisible',
  'no time of a phrase': 'aucun temps d’une phrase',
};
