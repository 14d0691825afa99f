// What the service says, by its codes (src/types/sentences.inc).
export const said: Record<string, string> = {
  no_light: 'Nessuna luce: nulla di valido è stato toccato',
  single_light: 'Una sola luce: ha toccato solo lo schermidore di {who}',
  off_target: 'Nessuna stoccata: lo schermidore di {who} ha toccato fuori bersaglio, il che ferma la frase',
  both_off_target: 'Nessuna stoccata: entrambi hanno toccato fuori bersaglio',
  first_hit: 'Lo schermidore di {who} ha toccato per primo: l’altra stoccata è arrivata oltre 50 ms dopo',
  double_hit: 'Colpo doppio: una stoccata per ciascuno',
  attack: 'Attacco da {who}',
  riposte: 'Parata e risposta da {who}',
  remise: 'Rimessa da {who}',
  point_in_line: 'Punta in linea da {who}',
  attack_by_little: 'Attacco da {who}, di poco: non si vede nessuno iniziare o fermarsi prima dell’altro',
  simultaneous: 'Azioni simultanee, nessuna stoccata',
  priority_off_target: 'Nessuna stoccata, lo schermidore di {who} ha toccato fuori bersaglio',
  even: 'Due luci, ed entrambi hanno fatto lo stesso: nessuna stoccata',
  badly_seen: 'Due luci, ma gli schermidori non si vedono abbastanza bene per dire chi ha la priorità',
  no_fencing: 'Due luci, ma quello che si vede non è scherma',
  light_no_fencing: 'Una luce, ma quello che si vede non è scherma',
  riposted_at_once:
    'Lo schermidore di {who} ha preso il ferro a {at:2} s e ha proseguito subito, quello di {other} non avanzava più',
  riposted_late:
    'Lo schermidore di {who} ha parato a {at:2} s ma ha risposto solo {by:2} s dopo, dopo la rimessa di {other}',
  beat: 'Lo schermidore di {who} ha preso il ferro a {at:2} s e ha continuato ad avanzare',
  counter_attacked:
    'Lo schermidore di {who} ha contrattaccato a {at:2} s, nell’attacco di {other} iniziato a {from:2} s',
  was_in_line: 'La punta di {who} era in linea da {at:2} s, prima dell’attacco di {other} a {from:2} s',
  was_preparing: 'Lo schermidore di {who} preparava ancora quando quello di {other} ha attaccato a {at:2} s',
  gave_way_to_hit:
    'Lo schermidore di {who} ha ceduto da {at:2} s fino alla stoccata mentre quello di {other} continuava ad avanzare',
  went_back_at: 'Lo schermidore di {who} è arretrato a {at:2} s mentre quello di {other} continuava ad avanzare',
  stopped_at: 'Lo schermidore di {who} si è fermato a {at:2} s mentre quello di {other} continuava ad avanzare',
  came_other_gave_way:
    'Lo schermidore di {who} ha avanzato da {at:2} s fino alla stoccata mentre quello di {other} cedeva',
  came_other_stood:
    'Lo schermidore di {who} ha avanzato da {at:2} s fino alla stoccata mentre quello di {other} stava fermo',
  came_first: 'Lo schermidore di {who} ha avanzato da {at:2} s, quello di {other} solo da {from:2} s, {by:2} s dopo',
  came_other_went_back:
    'Lo schermidore di {who} ha avanzato di {metres:1} m negli ultimi {time:1} s prima della stoccata mentre quello di {other} arretrava',
  came_further:
    'Lo schermidore di {who} ha avanzato {metres:1} m più di quello di {other} negli ultimi {time:1} s prima della stoccata',
  gave_way_further:
    'Lo schermidore di {who} ha ceduto {metres:1} m più di quello di {other} negli ultimi {time:1} s prima della stoccata',
  gave_ground: 'Lo schermidore di {who} ha ceduto {metres:1} m di terreno da {at:2} s fino alla stoccata',
  gave_more_ground: 'Lo schermidore di {who} ha ceduto {metres:1} m più di quello di {other}, da {at:2} s',
  drew_hand_back: 'Lo schermidore di {who} ha ritirato la mano negli ultimi 0,3 s prima della stoccata',
  hand_came_other_drew:
    'La mano di {who} è andata avanti negli ultimi 0,3 s prima della stoccata, quella di {other} è stata ritirata',
  hand_came_further:
    'La mano di {who} è andata {metres:1} m più avanti di quella di {other} negli ultimi 0,3 s prima della stoccata',
  went_on_after_blades:
    'Dopo l’incontro dei ferri a {at:2} s lo schermidore di {who} ha proseguito e quello di {other} no',
  arm_came: 'Il braccio di {who} è andato avanti da {from:2} s a {to:2} s',
  arm_came_until: 'Il braccio di {who} è andato avanti fino a {to:2} s',
  arm_drawn: 'Lo schermidore di {who} ha ritirato il braccio da {from:2} s a {to:2} s',
  arm_drawn_until: 'Lo schermidore di {who} ha ritirato il braccio fino a {to:2} s',
  arm_kept: 'Lo schermidore di {who} ha tenuto indietro il braccio da {from:2} s a {to:2} s',
  arm_kept_until: 'Lo schermidore di {who} ha tenuto indietro il braccio fino a {to:2} s',
  came: 'Lo schermidore di {who} ha avanzato da {from:2} s a {to:2} s',
  came_until: 'Lo schermidore di {who} ha avanzato fino a {to:2} s',
  went_back: 'Lo schermidore di {who} è arretrato da {from:2} s a {to:2} s',
  went_back_until: 'Lo schermidore di {who} è arretrato fino a {to:2} s',
  stood: 'Lo schermidore di {who} è stato fermo da {from:2} s a {to:2} s',
  stood_until: 'Lo schermidore di {who} è stato fermo fino a {to:2} s',
  learned_stops: 'Ciò che si è imparato dagli arresti parla per {who}',
  learned_ground_gained: 'Ciò che si è imparato dal terreno guadagnato parla per {who}',
  learned_speeds: 'Ciò che si è imparato dalle velocità parla per {who}',
  learned_ground_given: 'Ciò che si è imparato dal terreno ceduto parla per {who}',
  learned_hands: 'Ciò che si è imparato dalle mani parla per {who}',
  learned_blade: 'Ciò che si è imparato dal ferro parla per {who}',
  learned_postures: 'Ciò che si è imparato dalle posture parla per {who}',
  learned_motion: 'Ciò che si è imparato da tutto il movimento parla per {who}',
  learned_arms:
    'Ciò che si è imparato da tutto il movimento parla per {who}, soprattutto le braccia di {fencer} da {from:2} s a {to:2} s',
  learned_arms_until:
    'Ciò che si è imparato da tutto il movimento parla per {who}, soprattutto le braccia di {fencer} fino a {to:2} s',
  learned_legs:
    'Ciò che si è imparato da tutto il movimento parla per {who}, soprattutto le gambe di {fencer} da {from:2} s a {to:2} s',
  learned_legs_until:
    'Ciò che si è imparato da tutto il movimento parla per {who}, soprattutto le gambe di {fencer} fino a {to:2} s',
  learned_body:
    'Ciò che si è imparato da tutto il movimento parla per {who}, soprattutto ciò che ha fatto quello di {fencer} da {from:2} s a {to:2} s',
  learned_body_until:
    'Ciò che si è imparato da tutto il movimento parla per {who}, soprattutto ciò che ha fatto quello di {fencer} fino a {to:2} s',
  attacked_at_once: 'Entrambi hanno attaccato insieme, con {apart:2} m/s di differenza',
  maybe_at_once: 'Che entrambi abbiano agito insieme ha probabilità {probability:2}',
  close: 'è al limite',
  little: 'poco parla per l’uno o per l’altro',
  simultaneous_or_not: 'può essere simultaneo, o uno dei due è stato prima',
  may_be_at_once: 'forse entrambi hanno agito insieme',
  nothing_tells: 'nulla distingue gli schermidori',
  dates_disagree: 'ciò che si è imparato in date diverse non concorda su questo',
  below_setting: 'la certezza è sotto la soglia impostata',
  not_seen: 'gli schermidori non si vedono',
  found_lamp: 'nell’immagine è stata trovata una sola lampada: può essere un’altra luce, o la seconda è sfuggita',
  another_light: 'gli schermidori non si vedono: ciò che è stato preso per una lampada può essere un’altra luce',
  clocks_differ:
    'secondo il registro la stoccata è a {log:2} s, secondo il movimento verso {motion:2} s: gli orologi forse differiscono; il movimento è giudicato a {judged:2} s',
  slow_motion:
    'gli schermidori si avvicinano a {speed:1} m/s al massimo, più lenti di qualsiasi attacco: forse è al rallentatore',
  out_of_reach: 'alla stoccata gli schermidori sono a {metres:1} m l’uno dall’altro',
  both_turned: 'entrambi si voltano le spalle nell’ultimo secondo prima della stoccata ({at:2} s)',
  one_turned: 'quello di {who} si volta dall’altra parte nell’ultimo secondo prima della stoccata ({at:2} s)',
  nobody_moves: 'nessuno si muove nell’ultimo secondo prima della stoccata ({at:2} s)',
  nobody_on_guard: 'nessuno è in guardia o in affondo nell’ultimo secondo prima della stoccata ({at:2} s)',
  video_begins_after: 'il video inizia {by:2} s dopo la stoccata',
  video_begins_late: 'il video inizia solo {by:2} s prima della stoccata',
  video_ends_early: 'il video finisce {by:2} s prima della stoccata',
  no_frame_at_hit: 'nessuna immagine è a meno di {by:2} s dalla stoccata a {at:2} s',
  no_frame_before_hit:
    'nessuna immagine mostra ciò che è accaduto da {from:2} s a {to:2} s, subito prima della stoccata',
  log_is_anothers: 'il registro parla di {log:2} s, il video ne mostra {video:2}: forse non vanno insieme',
  seen_in_part:
    'lo schermidore di {who} si vede solo nel {percent:0} % delle immagini dell’ultimo secondo prima della stoccata (da {from:2} s a {to:2} s)',
  hardly_recognised:
    'lo schermidore di {who} si riconosce appena nell’ultimo secondo prima della stoccata (da {from:2} s a {to:2} s): valore {score:2}, buono è {good:2}',
  length_changes:
    'il corpo di {who} cambia lunghezza del {percent:0} % nell’ultimo secondo prima della stoccata (da {from:2} s a {to:2} s): forse vi si mescolano altre persone',
  others_alike:
    'altri somigliano a schermidori quasi quanto i due seguiti nell’ultimo secondo prima della stoccata (da {from:2} s a {to:2} s): lo schermidore di {who} forse è un’altra persona',
  too_small: 'lo schermidore di {who} è alto {pixels:0} px; ne servono {needed:0}',
  lamp_hidden: 'la lampada di {who} era coperta quando si è accesa',
  lamps_unsure: 'le lampade sono state lette nell’immagine, sicuro al {percent:0} %',
  lamps_came_often: 'nel video delle lampade si sono accese più volte',
  stretched: 'le immagini hanno un’altra forma da quella annunciata: le persone vi sono deformate',
  not_upright: 'gli schermidori non sono in piedi nella maggior parte delle immagini',
  cut_before_hit: 'l’immagine è tagliata {by:2} s prima della stoccata',
  still_before_hit: 'l’immagine è ferma da {from:2} a {to:2} s',
  camera_unknown:
    'come si è mossa la telecamera è noto solo per il {percent:0} % dell’ultimo secondo prima della stoccata',
  few_pictures: 'ci sono solo {count:0} immagini nuove al secondo (ne servono {needed:0}): forse è al rallentatore',
  rates_unsettled:
    'sono annunciate {announced:g} immagini/s, i tempi dicono {stamped:g}, e non si è potuto decidere quale sia vero',
  many_phrases: 'il registro contiene {count:0} frasi',
  many_double_hits: 'il registro contiene {count:0} stoccate doppie',
  unreadable_hit: 'una stoccata del registro è illeggibile, {line}',
  fencer_unseen: 'Lo schermidore di {who} non si vede da {from:2} s a {to:2} s',
  fencer_faint: 'Lo schermidore di {who} si riconosce appena da {from:2} s a {to:2} s',
  fencer_leaps:
    'Lo schermidore di {who} balza da {from:2} s a {to:2} s, più veloce di chiunque: forse è un’altra persona',
  fencer_in_question:
    'Lo schermidore di {who} forse è un’altra persona da {from:2} s a {to:2} s: altri lì somigliano altrettanto a schermidori',
  time_more: 'e un’altra volta',
  times_more: 'e altre {count:0} volte',
  cuts: 'L’immagine è tagliata, o ha girato troppo in fretta ({times:at}): il prima non è confrontato con il dopo',
  camera_lost: 'Non si sa come si è mossa la telecamera ({times:from})',
  black: 'L’immagine è nera ({times:from})',
  frozen: 'L’immagine è ferma ({times:from})',
  blended: 'Le immagini sono fuse, come al rallentatore: di {pictures:0} al secondo {new:0} sono nuove',
  repeated: 'Le immagini si ripetono: di {pictures:0} al secondo {new:0} sono nuove',
  clock_was_set: 'l’orologio del mittente è stato regolato durante la frase: il salto è tolto',
  stamps_count: 'sono annunciate {announced:g} immagini/s, i tempi dicono {stamped:g}: contano i tempi',
  rate_counts: 'sono annunciate {announced:g} immagini/s, i tempi dicono {stamped:g}: conta la cadenza annunciata',
  no_rate_fits: 'il video non dice la sua cadenza; si prende {rate:g}, perché così finisce con il registro',
  no_rate_guess: 'il video non dice la sua cadenza; si prende {rate:g}',
  odd_rate_fits:
    'sono annunciate {announced:g} immagini/s, che nessuna telecamera dà; si prende {rate:g}, perché così il video finisce con il registro',
  odd_rate_guess: 'sono annunciate {announced:g} immagini/s, che nessuna telecamera dà; si prende {rate:g}',
  zero_put_right:
    'Secondo le lampade nell’immagine ({lamps}), lo zero del registro è {zero:0} ms dopo la prima immagine, {by:0} ms {direction} del valore impostato: corretto',
  zero_left:
    'Secondo le lampade nell’immagine ({lamps}), lo zero del registro è {zero:0} ms dopo la prima immagine, {by:0} ms {direction} del valore impostato: lasciato com’è',
  last_hit_counts: 'Delle lampade si sono accese più volte ({lamps}): conta l’ultima stoccata',
  upside_down:
    'gli schermidori sono a testa in giù: le immagini sono state girate di 180 gradi; sinistra e destra sono come si vedono allora',
  lying_clockwise:
    'gli schermidori sono sdraiati: le immagini sono state girate di 90 gradi in senso orario; sinistra e destra sono come si vedono allora',
  lying_counterclockwise:
    'gli schermidori sono sdraiati: le immagini sono state girate di 90 gradi in senso antiorario; sinistra e destra sono come si vedono allora',
  undecodable_frame: '1 immagine illeggibile: {numbers}',
  undecodable_frames: '{count:0} immagini illeggibili: {numbers}',
  resized_frame:
    '1 immagine di dimensioni diverse da quelle annunciate, la prima, la {number:0}, di {size}: portata a {announced}, nei cui pixel sono i punti',
  resized_frames:
    '{count:0} immagini di dimensioni diverse da quelle annunciate, la prima, {number:0}, di {size}: portate a {announced}',
  numbers_begin: 'I numeri delle immagini iniziano da {number:0} invece che da 0; il tempo è contato da lì',
  line_ignored: 'riga {line:0} ignorata: {why}: {quoted}',
  and_more: 'e altre {count:0}',
  log_goes_back: 'alla riga {line:0} i tempi tornano indietro; gli eventi sono rimessi in ordine',
  nobody_named: 'nessuna riga nomina lo schermidore di {who}, la cui lampada si è accesa; si prende {at}',
  hit_without_lamp: 'una stoccata di {who} a {at} non conta: secondo la riga delle lampade non c’è stata',
};

// Words that stand in the sentences as they come.
export const words: Record<string, string> = {
  later: 'dopo',
  earlier: 'prima',
  'with frame': 'all’immagine',
  'not text': 'non è testo',
  'no hit that can be read': 'nessuna stoccata leggibile',
  'no time of a phrase': 'nessun tempo di una frase',
};
