// What the service says, by its codes (src/types/sentences.inc).
export const said: Record<string, string> = {
  no_light: 'Ninguna luz: no se tocó nada válido',
  single_light: 'Una sola luz: solo tocó el tirador de la {who}',
  off_target: 'Sin tocado: el tirador de la {who} tocó fuera del blanco, lo que detiene la frase',
  both_off_target: 'Sin tocado: los dos tocaron fuera del blanco',
  first_hit: 'El tirador de la {who} tocó primero: el otro tocado llegó más de 50 ms después',
  double_hit: 'Golpe doble: un tocado para cada uno',
  attack: 'Ataque de la {who}',
  riposte: 'Parada y respuesta de la {who}',
  remise: 'Remise de la {who}',
  point_in_line: 'Punta en línea de la {who}',
  attack_by_little: 'Ataque de la {who}, por poco: no se ve a nadie empezar o detenerse antes que el otro',
  simultaneous: 'Acciones simultáneas, sin tocado',
  priority_off_target: 'Sin tocado, el tirador de la {who} tocó fuera del blanco',
  even: 'Dos luces, y los dos hicieron lo mismo: sin tocado',
  badly_seen: 'Dos luces, pero no se ve bastante bien a los tiradores para decir quién tiene la prioridad',
  no_fencing: 'Dos luces, pero lo que se ve no es esgrima',
  light_no_fencing: 'Una luz, pero lo que se ve no es esgrima',
  riposted_at_once:
    'El tirador de la {who} tomó el hierro a los {at:2} s y siguió enseguida, el de la {other} ya no avanzaba',
  riposted_late:
    'El tirador de la {who} paró a los {at:2} s pero respondió {by:2} s más tarde, tras la remise de la {other}',
  beat: 'El tirador de la {who} tomó el hierro a los {at:2} s y siguió avanzando',
  counter_attacked:
    'El tirador de la {who} contraatacó a los {at:2} s, dentro del ataque de la {other} empezado a los {from:2} s',
  was_in_line: 'La punta de la {who} estaba en línea desde {at:2} s, antes del ataque de la {other} a los {from:2} s',
  was_preparing: 'El tirador de la {who} aún preparaba cuando el de la {other} atacó a los {at:2} s',
  gave_way_to_hit:
    'El tirador de la {who} cedió desde {at:2} s hasta el tocado mientras el de la {other} seguía avanzando',
  went_back_at: 'El tirador de la {who} retrocedió a los {at:2} s mientras el de la {other} seguía avanzando',
  stopped_at: 'El tirador de la {who} se detuvo a los {at:2} s mientras el de la {other} seguía avanzando',
  came_other_gave_way: 'El tirador de la {who} avanzó desde {at:2} s hasta el tocado mientras el de la {other} cedía',
  came_other_stood:
    'El tirador de la {who} avanzó desde {at:2} s hasta el tocado mientras el de la {other} estaba quieto',
  came_first:
    'El tirador de la {who} avanzó desde {at:2} s, el de la {other} solo desde {from:2} s, {by:2} s más tarde',
  came_other_went_back:
    'El tirador de la {who} avanzó {metres:1} m en los últimos {time:1} s antes del tocado mientras el de la {other} retrocedía',
  came_further:
    'El tirador de la {who} avanzó {metres:1} m más que el de la {other} en los últimos {time:1} s antes del tocado',
  gave_way_further:
    'El tirador de la {who} cedió {metres:1} m más que el de la {other} en los últimos {time:1} s antes del tocado',
  gave_ground: 'El tirador de la {who} cedió {metres:1} m de terreno desde {at:2} s hasta el tocado',
  gave_more_ground: 'El tirador de la {who} cedió {metres:1} m más que el de la {other}, desde {at:2} s',
  drew_hand_back: 'El tirador de la {who} retiró la mano en los últimos 0,3 s antes del tocado',
  hand_came_other_drew:
    'La mano de la {who} fue hacia delante en los últimos 0,3 s antes del tocado y la de la {other} se retiró',
  hand_came_further:
    'La mano de la {who} llegó {metres:1} m más lejos que la de la {other} en los últimos 0,3 s antes del tocado',
  went_on_after_blades:
    'Tras encontrarse los hierros a los {at:2} s el tirador de la {who} siguió adelante y el de la {other} no',
  arm_came: 'El brazo de la {who} fue hacia delante de {from:2} s a {to:2} s',
  arm_came_until: 'El brazo de la {who} fue hacia delante hasta {to:2} s',
  arm_drawn: 'El tirador de la {who} retiró el brazo de {from:2} s a {to:2} s',
  arm_drawn_until: 'El tirador de la {who} retiró el brazo hasta {to:2} s',
  arm_kept: 'El tirador de la {who} mantuvo el brazo atrás de {from:2} s a {to:2} s',
  arm_kept_until: 'El tirador de la {who} mantuvo el brazo atrás hasta {to:2} s',
  came: 'El tirador de la {who} avanzó de {from:2} s a {to:2} s',
  came_until: 'El tirador de la {who} avanzó hasta {to:2} s',
  went_back: 'El tirador de la {who} retrocedió de {from:2} s a {to:2} s',
  went_back_until: 'El tirador de la {who} retrocedió hasta {to:2} s',
  stood: 'El tirador de la {who} estuvo quieto de {from:2} s a {to:2} s',
  stood_until: 'El tirador de la {who} estuvo quieto hasta {to:2} s',
  learned_stops: 'Lo aprendido de las paradas habla por la {who}',
  learned_ground_gained: 'Lo aprendido del terreno ganado habla por la {who}',
  learned_speeds: 'Lo aprendido de las velocidades habla por la {who}',
  learned_ground_given: 'Lo aprendido del terreno cedido habla por la {who}',
  learned_hands: 'Lo aprendido de las manos habla por la {who}',
  learned_blade: 'Lo aprendido del hierro habla por la {who}',
  learned_postures: 'Lo aprendido de las posturas habla por la {who}',
  learned_motion: 'Lo aprendido de todo el movimiento habla por la {who}',
  learned_arms:
    'Lo aprendido de todo el movimiento habla por la {who}, sobre todo los brazos de la {fencer} de {from:2} s a {to:2} s',
  learned_arms_until:
    'Lo aprendido de todo el movimiento habla por la {who}, sobre todo los brazos de la {fencer} hasta {to:2} s',
  learned_legs:
    'Lo aprendido de todo el movimiento habla por la {who}, sobre todo las piernas de la {fencer} de {from:2} s a {to:2} s',
  learned_legs_until:
    'Lo aprendido de todo el movimiento habla por la {who}, sobre todo las piernas de la {fencer} hasta {to:2} s',
  learned_body:
    'Lo aprendido de todo el movimiento habla por la {who}, sobre todo lo que hizo el de la {fencer} de {from:2} s a {to:2} s',
  learned_body_until:
    'Lo aprendido de todo el movimiento habla por la {who}, sobre todo lo que hizo el de la {fencer} hasta {to:2} s',
  attacked_at_once: 'Los dos atacaron a la vez, con {apart:2} m/s de diferencia',
  maybe_at_once: 'Que los dos actuaran a la vez tiene la probabilidad {probability:2}',
  close: 'está muy igualado',
  little: 'poco habla por uno u otro',
  simultaneous_or_not: 'puede ser simultáneo, o uno de los dos fue antes',
  may_be_at_once: 'puede que los dos actuaran a la vez',
  nothing_tells: 'nada distingue a los tiradores',
  dates_disagree: 'lo aprendido en fechas distintas no coincide en esto',
  below_setting: 'la certeza está por debajo del ajuste',
  not_seen: 'no se ve a los tiradores',
  found_lamp: 'solo se encontró una lámpara en la imagen: puede ser otra luz, o la segunda se pasó por alto',
  another_light: 'no se ve a los tiradores: lo que se tomó por una lámpara puede ser otra luz',
  clocks_differ:
    'según el registro el tocado está a los {log:2} s, según el movimiento hacia {motion:2} s: los relojes pueden diferir; el movimiento se juzga a los {judged:2} s',
  slow_motion:
    'los tiradores se acercan a {speed:1} m/s como mucho, más despacio que cualquier ataque: puede ser cámara lenta',
  out_of_reach: 'los tiradores están a {metres:1} m uno del otro en el tocado',
  both_turned: 'los dos se dan la espalda en el último segundo antes del tocado ({at:2} s)',
  one_turned: 'el de la {who} se aparta del otro en el último segundo antes del tocado ({at:2} s)',
  nobody_moves: 'nadie se mueve en el último segundo antes del tocado ({at:2} s)',
  nobody_on_guard: 'nadie está en guardia ni se tira a fondo en el último segundo antes del tocado ({at:2} s)',
  video_begins_after: 'el vídeo empieza {by:2} s después del tocado',
  video_begins_late: 'el vídeo empieza solo {by:2} s antes del tocado',
  video_ends_early: 'el vídeo acaba {by:2} s antes del tocado',
  no_frame_at_hit: 'ninguna imagen está a menos de {by:2} s del tocado a los {at:2} s',
  no_frame_before_hit: 'ninguna imagen muestra lo que pasó de {from:2} s a {to:2} s, justo antes del tocado',
  log_is_anothers: 'el registro habla de {log:2} s, el vídeo muestra {video:2} s: puede que no vayan juntos',
  seen_in_part:
    'al tirador de la {who} solo se le ve en el {percent:0} % de las imágenes del último segundo antes del tocado (de {from:2} s a {to:2} s)',
  hardly_recognised:
    'al tirador de la {who} apenas se le reconoce en el último segundo antes del tocado (de {from:2} s a {to:2} s): valor {score:2}, bueno es {good:2}',
  length_changes:
    'el cuerpo de la {who} cambia de tamaño un {percent:0} % en el último segundo antes del tocado (de {from:2} s a {to:2} s): puede haber otras personas mezcladas',
  others_alike:
    'otros parecen casi tanto tiradores como los dos a los que se sigue en el último segundo antes del tocado (de {from:2} s a {to:2} s): el tirador de la {who} puede ser otra persona',
  too_small: 'el tirador de la {who} mide {pixels:0} px; hacen falta {needed:0}',
  lamp_hidden: 'la lámpara de la {who} estaba tapada al encenderse',
  lamps_unsure: 'las lámparas se leyeron en la imagen, con {percent:0} % de certeza',
  lamps_came_often: 'en el vídeo se encendieron lámparas varias veces',
  stretched: 'las imágenes tienen otra forma que la anunciada: la gente sale deformada',
  not_upright: 'los tiradores no están de pie en la mayoría de las imágenes',
  cut_before_hit: 'la imagen está cortada {by:2} s antes del tocado',
  still_before_hit: 'la imagen está congelada de {from:2} a {to:2} s',
  camera_unknown: 'cómo se movió la cámara solo se sabe para el {percent:0} % del último segundo antes del tocado',
  few_pictures: 'solo hay {count:0} imágenes nuevas por segundo (hacen falta {needed:0}): puede ser cámara lenta',
  rates_unsettled:
    'se anuncian {announced:g} imágenes/s, las marcas de tiempo dicen {stamped:g}, y no se pudo decidir cuál es cierta',
  many_phrases: 'el registro contiene {count:0} frases',
  many_double_hits: 'el registro contiene {count:0} tocados dobles',
  unreadable_hit: 'un tocado del registro no se puede leer, {line}',
  fencer_unseen: 'No se ve al tirador de la {who} de {from:2} s a {to:2} s',
  fencer_faint: 'Apenas se reconoce al tirador de la {who} de {from:2} s a {to:2} s',
  fencer_leaps:
    'El tirador de la {who} salta de {from:2} s a {to:2} s, más rápido de lo que nadie se mueve: puede ser otra persona',
  fencer_in_question:
    'El tirador de la {who} puede ser otra persona de {from:2} s a {to:2} s: otros allí parecen igual de tiradores',
  time_more: 'y 1 vez más',
  times_more: 'y {count:0} veces más',
  cuts: 'La imagen está cortada, o giró demasiado rápido ({times:at}): lo de antes no se compara con lo de después',
  camera_lost: 'No se sabe cómo se movió la cámara ({times:from})',
  black: 'La imagen está negra ({times:from})',
  frozen: 'La imagen está congelada ({times:from})',
  blended: 'Las imágenes están mezcladas, como en cámara lenta: de {pictures:0} por segundo {new:0} son nuevas',
  repeated: 'Las imágenes se repiten: de {pictures:0} por segundo {new:0} son nuevas',
  clock_was_set: 'el reloj del emisor se ajustó durante la frase: el salto se ha quitado',
  stamps_count: 'se anuncian {announced:g} imágenes/s, las marcas de tiempo dicen {stamped:g}: valen las marcas',
  rate_counts: 'se anuncian {announced:g} imágenes/s, las marcas de tiempo dicen {stamped:g}: vale lo anunciado',
  no_rate_fits: 'el vídeo no dice su cadencia; se toma {rate:g}, pues así acaba con el registro',
  no_rate_guess: 'el vídeo no dice su cadencia; se toma {rate:g}',
  odd_rate_fits:
    'se anuncian {announced:g} imágenes/s, que ninguna cámara da; se toma {rate:g}, pues así el vídeo acaba con el registro',
  odd_rate_guess: 'se anuncian {announced:g} imágenes/s, que ninguna cámara da; se toma {rate:g}',
  zero_put_right:
    'Según las lámparas de la imagen ({lamps}), el cero del registro está {zero:0} ms tras la primera imagen, {by:0} ms {direction} de lo ajustado: corregido',
  zero_left:
    'Según las lámparas de la imagen ({lamps}), el cero del registro está {zero:0} ms tras la primera imagen, {by:0} ms {direction} de lo ajustado: se deja como está',
  last_hit_counts: 'Se encendieron lámparas varias veces ({lamps}): cuenta el último tocado',
  upside_down:
    'los tiradores están cabeza abajo: las imágenes se giraron 180 grados; izquierda y derecha son como se ven entonces',
  lying_clockwise:
    'los tiradores están tumbados: las imágenes se giraron 90 grados a la derecha; izquierda y derecha son como se ven entonces',
  lying_counterclockwise:
    'los tiradores están tumbados: las imágenes se giraron 90 grados a la izquierda; izquierda y derecha son como se ven entonces',
  undecodable_frame: '1 imagen no se pudo leer: {numbers}',
  undecodable_frames: '{count:0} imágenes no se pudieron leer: {numbers}',
  resized_frame:
    '1 imagen de otro tamaño que el anunciado, la primera, la {number:0}, de {size}: llevada a {announced}, en cuyos píxeles están los puntos',
  resized_frames:
    '{count:0} imágenes de otro tamaño que el anunciado, la primera, {number:0}, de {size}: llevadas a {announced}',
  numbers_begin: 'Los números de imagen empiezan en {number:0} en vez de 0; el tiempo se cuenta desde ahí',
  line_ignored: 'línea {line:0} ignorada: {why}: {quoted}',
  and_more: 'y {count:0} más',
  log_goes_back: 'en la línea {line:0} los tiempos van hacia atrás; los sucesos se ordenan',
  nobody_named: 'ninguna línea nombra al tirador de la {who}, cuya lámpara se encendió; se toma {at}',
  hit_without_lamp: 'un tocado de la {who} en {at} no cuenta: según la línea de lámparas no lo hubo',
};

// Words that stand in the sentences as they come.
export const words: Record<string, string> = {
  later: 'después',
  earlier: 'antes',
  'with frame': 'en la imagen',
  'not text': 'no es texto',
  'no hit that can be read': 'ningún tocado legible',
  'no time of a phrase': 'ningún tiempo de una frase',
};
