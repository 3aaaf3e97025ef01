(** * The decision

    [accepted] is to a text what [check.py] is to a file: it reads certificates
    and decides whether each of them proves its claim. [accepted_sound] is the
    one theorem for all: what is accepted is true. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Chains Bands FixedPoints Convergence Converges Escapes Cycles
  Several Box Monomials Families Region Threshold Isolated InBox.
From MuonTheory Require Exceptions Minimax Composition MeanSquare Models Moments.
From MuonTheory Require Import Json Certificate Reader.
Import ListNotations.
Local Open Scope R_scope.

(** ** Cuts lie strictly inside, in their order *)

Fixpoint increase (a : Q) (points : list Q) (b : Q) : bool :=
  match points with [] => below a b | p :: rest => below a p && increase p rest b end.
Definition fit (i : interval) (points : list Q) : bool :=
  match points with [] => true | _ => increase (fst i) points (snd i) end.
Fixpoint all_fit (is : list interval) (grid : list (list Q)) : bool :=
  match is, grid with
  | [], [] => true
  | i :: is', points :: grid' => fit i points && all_fit is' grid'
  | _, _ => false
  end.
Definition span (i : axis) : interval := (low i, high i).
Definition grid_fits (box : list axis) (y : interval) (grid : list (list Q)) : bool := all_fit (y :: map span box) grid.

(** ** Claims that a schedule and the members of a family share *)

Section Shared.

Context {row cuts : Type}.
Variable is_of : (R -> R) -> row -> Prop.
Variable fits : interval -> cuts -> bool.

Variable step_ok : row -> interval -> step_of cuts -> bool.
Hypothesis step_ok_sound : forall r i s f x, is_of f r -> step_ok r i s = true -> inside i x -> inside (outer s) (f x).
Variable ceiling_ok : row -> Q -> ceiling_of cuts -> bool.
Hypothesis ceiling_ok_sound : forall r u s f x,
  is_of f r -> ceiling_ok r u s = true -> 0 < x <= QR u -> 0 < f x <= QR (upper s).
Variable arc_ok : row -> arc_of cuts -> interval -> bool.
Variable slope_of : row -> R -> R.
Hypothesis slope_of_sound : forall r f x, is_of f r -> derivable_pt_lim f x (slope_of r x).
Hypothesis arc_ok_sound : forall r f a next x, is_of f r -> arc_ok r a next = true -> inside (place a) x ->
  inside next (f x) /\ Rabs (slope_of r x) <= QR (bound a).
Variable grows_ok : row -> Q -> Q -> cuts -> bool.
Hypothesis grows_ok_sound : forall r f radius ratio splits, is_of f r -> 0 < QR radius -> 1 < QR ratio ->
  grows_ok r radius ratio splits = true ->
  forall x, QR radius <= Rabs x -> QR ratio * Rabs x <= Rabs (f x).

(** What else a chain may hold, which no claim here speaks of. *)
Variable beside_ok : list row -> interval -> list reach -> bool.
Variable equal_rows : list row -> bool.

Fixpoint steps_fit (i : interval) (steps : list (step_of cuts)) : bool :=
  match steps with
  | [] => true
  | s :: rest => fits i (lower_splits s) && fits i (upper_splits s) && steps_fit (outer s) rest
  end.
Fixpoint ceilings_fit (u : Q) (steps : list (ceiling_of cuts)) : bool :=
  match steps with
  | [] => true
  | s :: rest =>
      fits (0%Q, square u) (sign_splits s) && fits (0%Q, u) (bound_splits s) && ceilings_fit (upper s) rest
  end.

Fixpoint arcs_of (through : list interval) (splits : list (list cuts)) (bounds : list Q) : option (list (arc_of cuts)) :=
  match through, splits, bounds with
  | [], [], [] => Some []
  | i :: through', [a; b; c; d] :: splits', k :: bounds' =>
      match arcs_of through' splits' bounds' with
      | Some arcs => Some (Arc i k a b c d :: arcs)
      | None => None
      end
  | _, _, _ => None
  end.
Definition arc_fits (a : arc_of cuts) : bool :=
  forallb (fits (place a)) [to_lower a; to_upper a; slope_lower a; slope_upper a].
Fixpoint all_apart (through : list interval) : bool :=
  match through with [] => true | i :: rest => forallb (apart i) rest && all_apart rest end.

Definition shared_holds (rows : list row) (c : claim) (w : witness_of cuts) : bool :=
  match c, w with
  | MapsInto start target, Chain (Some steps) inners =>
      chain_by step_ok rows start steps (fun i => within i target) && steps_fit start steps &&
      match inners with None => true | Some reaches => beside_ok rows start reaches end
  | SignSafe u, Uppers steps => below 0 u && ceilings_by ceiling_ok rows u steps && ceilings_fit u steps
  | Certificate.Flips start count, Chain (Some steps) _ =>
      (Nat.leb count (length rows) || equal_rows rows) &&
      flip_chain_by step_ok (taken count rows) start steps && steps_fit start steps
  | Certificate.Escapes start, Past steps radius ratio splits =>
      match rows with
      | r :: _ =>
          below 0 radius && below 1 ratio && grows_ok r radius ratio splits && fits (0%Q, 1%Q) splits &&
          chain_by step_ok (repeat r (length steps)) start steps (far radius) && steps_fit start steps
      | [] => false
      end
  | Cycles ((first :: _) as through), Cycle splits bounds =>
      match rows, arcs_of through splits bounds with
      | r :: _, Some arcs => cycles_test_by (arc_ok r) first arcs && all_apart through && forallb arc_fits arcs
      | _, _ => false
      end
  | _, _ => false
  end.

(** Steps of rows, and the first so many of them. *)
Lemma steps_of_firstn : forall rows fs n, steps_of is_of fs rows -> steps_of is_of (firstn n fs) (firstn n rows).
Proof.
  induction rows as [|r rows IH]; intros [|f fs] [|n] H; try contradiction; try exact I.
  destruct H as [Hf H]; split; [exact Hf|apply IH, H].
Qed.
Lemma steps_of_app : forall rows fs rows' fs',
  steps_of is_of fs rows -> steps_of is_of fs' rows' -> steps_of is_of (fs ++ fs') (rows ++ rows').
Proof.
  induction rows as [|r rows IH]; intros [|f fs] rows' fs' H H'; try contradiction; [exact H'|].
  destruct H as [Hf H]; split; [exact Hf|apply IH; assumption].
Qed.
Lemma steps_of_taken : forall rows fs n, steps_of is_of fs rows -> steps_of is_of (taken n fs) (taken n rows).
Proof.
  intros [|r rows] [|f fs] n H; try contradiction; [exact I|]; unfold taken.
  apply steps_of_firstn, steps_of_app; [exact H|apply steps_of_repeat, H].
Qed.

(** The arcs are those of the intervals. *)
Lemma arcs_of_places : forall through splits bounds arcs, arcs_of through splits bounds = Some arcs -> map place arcs = through.
Proof.
  induction through as [|i through IH]; intros [|s splits] bounds arcs H; cbn [arcs_of] in H; try discriminate;
    [destruct bounds; [injection H as <-; reflexivity|discriminate]|].
  destruct s as [|a [|b [|c [|d []]]]]; try discriminate; destruct bounds as [|k bounds]; [discriminate|].
  destruct (arcs_of through splits bounds) as [rest|] eqn:E; [|discriminate]; injection H as <-.
  simpl; f_equal; apply (IH _ _ _ E).
Qed.

Theorem shared_sound : forall rows fs c w, steps_of is_of fs rows -> shared_holds rows c w = true -> says fs c.
Proof.
  intros rows fs c w Hs H; destruct c; try discriminate; cbn [shared_holds] in H.
  - destruct w as [[steps|] inners| | | | | | | | | |]; try discriminate.
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [H _].
    exact (maps_into_by is_of step_ok step_ok_sound rows fs start target steps Hs H).
  - destruct w; try discriminate; apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [_ H].
    exact (sign_safe_by is_of ceiling_ok ceiling_ok_sound rows fs _ steps Hs H).
  - destruct w as [[steps|] inners| | | | | | | | | |]; try discriminate.
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [_ H].
    exact (flips_by is_of step_ok step_ok_sound _ _ start steps (steps_of_taken rows fs _ Hs) H).
  - destruct w; try discriminate; destruct rows as [|r rows]; [discriminate|].
    destruct fs as [|f fs]; [contradiction|destruct Hs as [Hf _]].
    repeat (apply andb_true_iff in H as [H ?H]).
    apply QR_lt in H, H4; change (QR 0) with 0 in H; change (QR 1) with 1 in H4.
    pose proof (grows_ok_sound r f radius ratio splits Hf H H4 H3) as G; intros x0 Hx0.
    destruct (chain_by_sound is_of step_ok step_ok_sound _ _ _ _ _ x0
                (steps_of_repeat _ is_of f r (length steps) Hf) H1 Hx0) as [j [Hj Hin]].
    exact (escapes_from_far f x0 _ j radius ratio H H4 G Hj Hin).
  - destruct through as [|first more]; [discriminate|]; destruct w; try discriminate.
    destruct rows as [|r rows]; [discriminate|]; destruct fs as [|f fs]; [contradiction|destruct Hs as [Hf _]].
    cbv beta iota in H; destruct (arcs_of (first :: more) splits bounds) as [arcs|] eqn:E; [|discriminate].
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [H _].
    pose proof (cycles_by (arc_ok r) f (slope_of r) (fun x => slope_of_sound r f x Hf)
      (fun a next x => arc_ok_sound r f a next x Hf) first arcs H) as T.
    pose proof (arcs_of_places _ _ _ _ E) as P; rewrite P in T.
    assert (L : length arcs = length (first :: more)) by (rewrite <- P, map_length; reflexivity).
    rewrite L in T; exact T.
Qed.

End Shared.

(** ** Schedules *)

Definition leads_down (r : row) : bool := negb (below 0 (last r 0%Q)).

Definition grows_by (r : row) (radius ratio : Q) (splits : list Q) : bool :=
  grows r radius ratio (leads_down r) splits.

(** A chain of inner intervals, whatever it ends in. *)
Definition reaches_somewhere (rows : list row) (start : interval) (inners : list reach) : bool :=
  reaches rows start (last (map inner inners) start) inners.

Definition square_interval (i : interval) : interval := (square (fst i), square (snd i)).

(** Cuts around a fixed point; none at a rational one. *)
Definition fit_point (point : interval) (points : list Q) : bool := fit (square_interval point) points.

Definition fixed_point_holds (r : row) (point : interval) (alone : list Q) : bool :=
  let (lo, hi) := point in
  fit_point point alone &&
  if Qeq_bool lo hi then fixes_test r lo else fixes_between_test r lo hi alone.

(** The cells of a mean square, each with the last interval of its chain. *)
Fixpoint cells_of (points : list Q) (last_end : Q) (chains : list (list step)) : list MeanSquare.cell :=
  let cell end_at chain := MeanSquare.Cell end_at (last (map outer chain) (0%Q, 0%Q)) chain in
  match points, chains with
  | p :: points', chain :: chains' => cell p chain :: cells_of points' last_end chains'
  | [], chain :: _ => [cell last_end chain]
  | _, [] => []
  end.
Fixpoint cells_fit (a : Q) (cells : list MeanSquare.cell) : bool :=
  match cells with
  | [] => true
  | c :: rest =>
      steps_fit fit (a, MeanSquare.right_end c) (MeanSquare.cell_chain c) && cells_fit (MeanSquare.right_end c) rest
  end.

Definition alternates_enough (degree : nat) (error : Q) (points : list Q) : bool :=
  Nat.odd degree && Nat.eqb (length points) (S (coefficients_of degree)) && below 0 error.

Fixpoint levels_of (rows : list row) (degrees : list nat) (steps : list (interval * Q * list Q)) :
    option (list Composition.level) :=
  match rows, degrees, steps with
  | [], [], [] => Some []
  | r :: rows', d :: degrees', (i, e, ps) :: steps' =>
      match levels_of rows' degrees' steps' with
      | Some levels =>
          if Qeq_bool (snd i) 1 && below (fst i) 1 && below e 1 && alternates_enough d e ps
          then Some (Composition.Level r (coefficients_of d) (fst i) e ps :: levels) else None
      | None => None
      end
  | _, _, _ => None
  end.

(** What a step of [all-but] is allowed is no less than 0, and a share less than 1. *)
Definition allowance_fits (a : Exceptions.allowance) : bool :=
  Qle_bool 0 (Exceptions.error a) &&
  match Exceptions.relative a with
  | Some (share, rest) => Qle_bool 0 share && below share 1 && Qle_bool 0 rest
  | None => true
  end.
Definition widened_of (m : Q * nat * (bool * bool)) (s : step) : Exceptions.widened :=
  let '(width, count, (lower, upper)) := m in Exceptions.Widened width count lower upper s.

Definition schedule_shared : list row -> claim -> witness_of (list Q) -> bool :=
  shared_holds fit (step_holds 0) ceiling_holds arc_holds grows_by reaches_somewhere (constant Qeq_bool).

Definition schedule_holds (rows : list row) (c : claim) (w : witness_of (list Q)) : bool :=
  match c, w, rows with
  | Attains start contains, Chain outers (Some inners), _ =>
      reaches rows start contains inners &&
      match outers with None => true | Some steps => chain rows start steps (fun _ => true) && steps_fit fit start steps end
  | RobustBand start target errors, Chain (Some steps) _, _ =>
      forallb (Qle_bool 0) errors && robust_chain rows errors start target steps && steps_fit fit start steps
  | AllBut start target given exceptions, Widened moves steps, _ =>
      forallb allowance_fits given && steps_fit fit start steps &&
      Exceptions.widened_chain rows given start target exceptions
        (map (fun w => widened_of (fst w) (snd w)) (combine moves steps))
  | Slope value, Nothing, _ => Qeq_bool (slopes rows) value
  | MeanSquare over bounds, Parts points chains, _ =>
      let cells := cells_of points (snd over) chains in
      below (fst over) (snd over) && fit over points && cells_fit (fst over) cells &&
      MeanSquare.mean_square_test rows over bounds cells
  | Ratio over bounds, Models points cells, _ => Qle_bool 0 (fst over) && Models.ratio_test rows over bounds points cells
  | Moments over logarithmic mean square variance, Models points cells, _ =>
      Moments.moments_test rows over logarithmic mean square variance points cells
  | Fixes point, Splits [alone], r :: _ => fixed_point_holds r point alone
  | Attracts point, Splits [alone; above; beneath], r :: _ =>
      let (lo, hi) := point in
      fixed_point_holds r point alone && fit_point point above && fit_point point beneath &&
      if Qeq_bool lo hi then contracts_at r lo else contracts_between r lo hi above beneath
  | Repels point, Splits [alone; beyond], r :: _ =>
      let (lo, hi) := point in
      fixed_point_holds r point alone && fit_point point beyond &&
      if Qeq_bool lo hi then expands_at r lo else expands_between r lo hi beyond
  | Converges point u, Splits [alone; positive; beneath; rising; falling; no_cycle], r :: _ =>
      let (lo, hi) := point in
      let s := Signs positive beneath rising falling no_cycle in
      fixed_point_holds r point alone && below 0 lo && Qle_bool hi u &&
      fit (0%Q, square u) positive && fit (0%Q, u) beneath && fit (0%Q, square lo) rising &&
      fit (0%Q, square hi) no_cycle && fit (square hi, square u) falling &&
      if Qeq_bool lo hi then converges_test r lo u s else converges_between_test r lo hi u alone s
  | Minimax degree over error, Alternation points, [r] =>
      alternates_enough degree error points &&
      Minimax.minimax_test r (coefficients_of degree) (fst over) (snd over) error points
  | CompositionBound degrees over error, Alternations steps, _ =>
      match levels_of rows degrees steps with
      | Some levels => Composition.composition_test (fst over) (snd over) error (combine levels (repeat 0%Q (length levels)))
      | None => false
      end
  | NoisyCompositionBound degrees over errors error, Alternations steps, _ =>
      match levels_of rows degrees steps with
      | Some levels =>
          Nat.eqb (length errors) (length levels) &&
          Composition.composition_test (fst over) (snd over) error (combine levels errors)
      | None => false
      end
  | _, _, _ => schedule_shared rows c w
  end.

Lemma written_steps : forall rows, written_as (map written rows) rows.
Proof. induction rows; simpl; [exact I|split; [intros x; reflexivity|assumption]]. Qed.

Lemma schedule_shared_sound : forall rows c w, schedule_shared rows c w = true -> says (map written rows) c.
Proof.
  intros rows c w; apply (shared_sound is_written fit (step_holds 0) step_exact ceiling_holds ceiling_sound
    arc_holds (fun r => rvalue (rderivative (odd_part r))) (fun r f x => written_derivative r f x)
    (fun r f a next x => arc_sound r f a next x)) with (beside_ok := reaches_somewhere).
  - intros r f radius ratio splits Hf HR Hk H; exact (grows_sound r f radius ratio _ splits Hf HR Hk H).
  - apply written_steps.
Qed.

(** What holds at a fixed point. *)
Lemma fixed_point_sound : forall r point alone, fixed_point_holds r point alone = true ->
  if Qeq_bool (fst point) (snd point) then fixes_test r (fst point) = true
  else fixes_between_test r (fst point) (snd point) alone = true.
Proof.
  intros r [lo hi] alone H; unfold fixed_point_holds in H; apply andb_true_iff in H as [_ H].
  cbn [fst snd]; destruct (Qeq_bool lo hi); exact H.
Qed.

(** All coefficient lists of these lengths. *)
Lemma for_all_lists_lengths : forall rows degrees steps levels, levels_of rows degrees steps = Some levels ->
  forall P : list (list R) -> Prop, (forall qs, Composition.lengths levels qs -> P qs) -> for_all_lists (map coefficients_of degrees) P.
Proof.
  induction rows as [|r rows IH]; intros [|d degrees] [|[[i e] ps] steps] levels H P HP; cbn [levels_of] in H;
    try discriminate; [injection H as <-; apply HP; exact I|].
  destruct (levels_of rows degrees steps) as [rest|] eqn:E; [|discriminate].
  destruct (_ && _); [|discriminate]; injection H as <-; cbn [map for_all_lists].
  apply for_all_length; intros q Hq; apply (IH _ _ _ E); intros qs Hqs; apply HP; split; [apply Nat.eq_le_incl, Hq|exact Hqs].
Qed.

Theorem schedule_sound : forall rows c w, schedule_holds rows c w = true -> says (map written rows) c.
Proof.
  intros rows c w H; pose proof (written_steps rows) as W.
  destruct c; try exact (schedule_shared_sound rows _ w H); cbn [schedule_holds] in H.
  - destruct w as [outers [inners|]| | | | | | | | | |]; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [H _]; exact (attains rows _ start contains inners W H).
  - destruct w as [[steps|] inners| | | | | | | | | |]; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [H _]; apply andb_true_iff in H as [_ H].
    exact (robust_band rows _ errors start target steps W H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [_ H]; exact (Exceptions.all_but rows _ given start target exceptions _ W H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H); exact (slope rows _ value W H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [_ H]; pose proof (MeanSquare.mean_square rows _ over bounds _ W H) as T.
    destruct over, bounds; exact T.
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [_ H]; exact (Models.ratio rows _ over bounds points cells W H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    pose proof (Moments.moments rows _ over logarithmic mean square variance points cells W H) as T.
    destruct over; exact T.
  - destruct w as [| | | |[|alone []]| | | | | |]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    apply fixed_point_sound in H; destruct point as [lo hi]; cbn [says fst snd hd map] in *.
    destruct (Qeq_bool lo hi); [exact (fixes r _ lo Hf H)|exact (fixes_between r _ lo hi alone Hf H)].
  - destruct w as [| | | |[|alone [|above [|beneath []]]]| | | | | |]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    destruct point as [lo hi]; do 3 (apply andb_true_iff in H as [H ?H]).
    apply fixed_point_sound in H; cbn [says at_fixed_point fst snd hd map] in *.
    destruct (Qeq_bool lo hi).
    + exact (attracts r _ lo Hf (andb_true_intro (conj H H0))).
    + exact (attracts_between r _ lo hi alone above beneath Hf (andb_true_intro (conj H H0))).
  - destruct w as [| | | |[|alone [|beyond []]]| | | | | |]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    destruct point as [lo hi]; do 2 (apply andb_true_iff in H as [H ?H]).
    apply fixed_point_sound in H; cbn [says at_fixed_point fst snd hd map] in *.
    destruct (Qeq_bool lo hi).
    + exact (repels r _ lo Hf (andb_true_intro (conj H H0))).
    + exact (repels_between r _ lo hi alone beyond Hf (andb_true_intro (conj H H0))).
  - destruct w as [| | | |[|alone [|positive [|beneath [|rising [|falling [|no_cycle []]]]]]]| | | | | |];
      try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    destruct point as [lo hi]; apply andb_true_iff in H as [_ H]; cbn [says fst snd hd map] in *.
    destruct (Qeq_bool lo hi).
    + exact (converges r _ lo upper _ Hf H).
    + exact (converges_between r _ lo hi upper alone _ Hf H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r [|]]; try exact (schedule_shared_sound _ _ _ H).
    apply andb_true_iff in H as [_ H]; cbn [says]; apply for_all_length; intros q Hq.
    exact (Minimax.minimax r _ _ _ _ _ H q ltac:(lia)).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    destruct (levels_of rows degrees steps) as [levels|] eqn:E; [|discriminate]; cbn [says].
    apply (for_all_lists_lengths _ _ _ _ E); exact (Composition.composition_bound _ _ _ levels H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    destruct (levels_of rows degrees steps) as [levels|] eqn:E; [|discriminate]; cbn [says].
    apply andb_true_iff in H as [Hlength H]; apply Nat.eqb_eq in Hlength.
    apply (for_all_lists_lengths _ _ _ _ E); intros qs Hqs.
    exact (Composition.noisy_composition_bound _ _ _ levels errors Hlength H qs Hqs).
Qed.

(** ** Members of a family in a box *)

Section Members.

Variable box : list axis.

(** The value at the lower ends of the box. *)
Fixpoint corner_value (is : list axis) (es : list nat) : Q :=
  match is, es with
  | i :: is', e :: es' => (low i ^ Z.of_nat e * corner_value is' es')%Q
  | _, _ => 1%Q
  end.
Definition corner_sum (ms : list monomial) : Q :=
  fold_right (fun m sum => (fst m * corner_value box (snd m) + sum)%Q) 0%Q ms.
Definition leads_down_in (r : list (list monomial)) : bool := negb (below 0 (corner_sum (last r []))).

Definition grows_by_in (r : list (list monomial)) (radius ratio : Q) (splits : list (list Q)) : bool :=
  grows_in box r radius ratio (leads_down_in r) splits.

Definition members_holds : list (list (list monomial)) -> claim -> witness_of (list (list Q)) -> bool :=
  shared_holds (grid_fits box) (step_holds_in box) (ceiling_holds_in box) (arc_holds_in box) grows_by_in
    (fun _ _ _ => false) (constant equal_monomials).

Theorem members_sound : forall v rows c w, in_box_text box v -> members_holds rows c w = true -> says (members v rows) c.
Proof.
  intros v rows c w here; apply (shared_sound (member v) (grid_fits box)
    (step_holds_in box) (step_in_sound box v here) (ceiling_holds_in box) (ceiling_in_sound box v here)
    (arc_holds_in box) (fun r x => fvalue (fderivative (f_of box r)) (x :: v)) (member_derivative box v here)
    (arc_in_sound box v here)) with (beside_ok := fun _ _ _ => false).
  - intros r f radius ratio splits Hf HR Hk H; exact (grows_in_sound box v here r f radius ratio _ splits Hf HR Hk H).
  - unfold members; clear; induction rows as [|r rows IH]; simpl; [exact I|split; [intros x; reflexivity|exact IH]].
Qed.

End Members.

(** ** Families *)

Definition unit_interval : interval := (0%Q, 1%Q).
Definition is_inside_unit (q : Q) : bool := below 0 q && below q 1.

Definition patch_axes (p : patch) : list axis := cut_axes (sides p) (tl (grid_of p)).
Definition patch_fits (p : patch) : bool :=
  grid_fits (sides p) unit_interval (grid_of p) &&
  match at_y p with Some y => is_inside_unit y | None => true end.

(** One box and the cells that it uses, one of each cover, with one y where they have one. *)
Fixpoint use_holds (box : list axis) (y : option Q) (covers : list (list patch)) (use : list nat) : bool :=
  match covers, use with
  | [], [] => true
  | cover :: covers', i :: use' =>
      match nth_error cover i with
      | Some p =>
          box_within box (sides p) &&
          match y, at_y p with
          | Some a, Some b => Qeq_bool a b && use_holds box y covers' use'
          | Some _, None => use_holds box y covers' use'
          | None, b => use_holds box b covers' use'
          end
      | None => false
      end
  | _, _ => false
  end.
Fixpoint all_used (boxes : list (list axis)) (covers : list (list patch)) (uses : list (list nat)) : bool :=
  match boxes, uses with
  | [], [] => true
  | box :: boxes', use :: uses' => use_holds box None covers use && all_used boxes' covers uses'
  | _, _ => false
  end.
Definition has_inside (i : axis) : bool := low_in i || below (low i) (high i).

Definition covers_at_of (covers : list (list patch)) : list cover_at :=
  map (map (fun p => (match at_y p with Some y => y | None => 0%Q end, patch_axes p))) covers.
Definition covers_of (covers : list (list patch)) : list cover :=
  map (map (fun p => (hd [] (grid_of p), patch_axes p))) covers.

Definition region_holds (n : nat) (row : list (list monomial)) (what : property) (boxes : list (list axis))
    (covers : list (list patch)) (uses : list (list nat)) : bool :=
  let first := at_one_y what in
  negb (Nat.eqb (length boxes) 0) && forallb (forallb has_inside) boxes && forallb (forallb patch_fits) covers &&
  all_used boxes covers uses &&
  region_test n row boxes what (covers_of (skipn first covers)) (covers_at_of (firstn first covers)).

Theorem region_sound : forall n row what boxes covers uses, region_holds n row what boxes covers uses = true ->
  Means (OfRegion n row what boxes).
Proof.
  intros n row what boxes covers uses H; apply andb_true_iff in H as [_ H]; cbn [Means].
  apply for_all_length; intros v _ Hv.
  exact (region n row boxes what _ _ v (family_text row v) Hv (fun x => eq_refl) H).
Qed.

(** Every coefficient of a power of y but the first is 0. *)
Definition without_y (ms : list monomial) : bool :=
  forallb (fun m => Nat.eqb (hd 0%nat (snd m)) 0 || is_zero (fst m)) ms.

Definition contact_fits (what : property) (how : critical) (range : interval) (others : list axis) (d : contact_data) : bool :=
  let (a0, a1) := range in
  let (w0, w1) := window d in
  let (c0, c1) := core d in
  let over (y a : interval) := all_fit (y :: a :: map span others) in
  over unit_interval (a0, a1) (w_splits d) && over unit_interval (a0, w0) (A_splits d) &&
  forallb (over unit_interval (a0, w1)) (other_splits d) &&
  over (0%Q, c0) (w0, w1) (low_edge d) && over (c1, 1%Q) (w0, w1) (high_edge d) &&
  over (c0, c1) (w0, w1) (falling d) &&
  match how with Zero => true | _ => over unit_interval (w0, a1) (tail d) end &&
  all_fit ((w1, a1) :: map span others) (grid d) && over unit_interval (w0, w1) (nonzero d).

Definition threshold_holds (n : nat) (row : list (list monomial)) (what : property) (how : critical) (range : interval)
    (others : list axis) (m : list monomial) (isolating : option interval) (d : contact_data) (alone : list (list Q)) : bool :=
  let (a0, a1) := range in
  Nat.eqb n (S (length others)) && negb (vanishes m) && without_y (cofactor d) &&
  contact_fits what how range others d &&
  threshold_test row what how a0 a1 others m d &&
  match isolating, others with
  | None, _ => true
  | Some (lo, hi), [] =>
      all_fit [unit_interval; window d] alone &&
      (rises_through (sum_of 1 m) (fst (window d)) (snd (window d)) lo hi (nth 1 alone []) ||
       rises_through (fopp (sum_of 1 m)) (fst (window d)) (snd (window d)) lo hi (nth 1 alone []))
  | Some _, _ => false
  end.

(** The window lies in the range. *)
Lemma window_in_range : forall row what how a0 a1 others m d, threshold_test row what how a0 a1 others m d = true ->
  QR a0 <= QR (fst (window d)) /\ QR (snd (window d)) <= QR a1.
Proof.
  intros row what how a0 a1 others m d H; unfold threshold_test in H.
  destruct (window d) as [w0 w1]; destruct (core d); cbn [fst snd].
  repeat (apply andb_true_iff in H as [H ?H]); split; apply QR_le; assumption.
Qed.

Theorem threshold_sound : forall n row what how range others m isolating d alone,
  threshold_holds n row what how range others m isolating d alone = true ->
  Means (OfThreshold n row what how range others m isolating).
Proof.
  intros n row what how [a0 a1] others m isolating d alone H; unfold threshold_holds in H.
  apply andb_true_iff in H as [H Halone]; apply andb_true_iff in H as [H Htest].
  do 3 (apply andb_true_iff in H as [H _]); apply Nat.eqb_eq in H; subst n; cbn [Means pred].
  destruct (window_in_range _ _ _ _ _ _ _ _ Htest) as [W0 W1].
  apply for_all_length; intros v Hlen; destruct isolating as [[lo hi]|].
  - destruct others; [|discriminate]; destruct v; [|discriminate]; cbn [where_in].
    apply andb_true_iff in Halone as [_ Halone].
    destruct (threshold_alone row what how a0 a1 m d lo hi (nth 1 alone []) (fun a => family_text row [a])
      (fun a => sum_text m [a]) (conj (fun a x => eq_refl) (fun a => eq_refl)) (andb_true_intro (conj Htest Halone)))
      as [alpha [Hw [Hi [E [U [Before After]]]]]].
    exists alpha; split; [lra|split; [exact E|split; [exact Hi|split; [|split; assumption]]]].
    intros a Ha Ea; apply U; [|exact Ea]; unfold inside in Ha; cbn [fst snd] in Ha.
    assert (QR (fst (window d)) <= QR lo /\ QR hi <= QR (snd (window d))); [|lra].
    apply orb_true_iff in Halone as [R|R]; unfold rises_through in R; repeat (apply andb_true_iff in R as [R ?H]);
      split; apply QR_le; assumption.
  - assert (G : in_box_text others v -> exists alpha : R,
      QR a0 < alpha < QR a1 /\ sum_text m (alpha :: v) = 0 /\
      (forall a, QR a0 < a < alpha -> follows what (family_text row (a :: v))) /\
      (forall a, alpha < a <= QR a1 -> fails how (family_text row (a :: v)))).
    { intros Hv; destruct (threshold row what how a0 a1 others m d v (fun a => family_text row (a :: v))
        (fun a => sum_text m (a :: v)) Hv (conj (fun a x => eq_refl) (fun a => eq_refl)) Htest)
        as [alpha [Hw [E [Before After]]]].
      exists alpha; repeat split; try assumption; lra. }
    destruct others; [destruct v; [apply G; exact I|discriminate]|exact G].
Qed.

(** ** Texts *)

Definition holds (c : certificate) : bool :=
  match c with
  | Certificate.Schedule rows c w => schedule_holds rows c w
  | Members n rows box c w => Nat.eqb n (length box) && members_holds box rows c w
  | Certificate.Region n row what boxes covers uses => region_holds n row what boxes covers uses
  | Certificate.Threshold n row what how range others m isolating d alone =>
      threshold_holds n row what how range others m isolating d alone
  end.

Theorem holds_sound : forall c, holds c = true -> Means (said c).
Proof.
  intros [rows c w|n rows box c w|n row what boxes covers uses|n row what how range others m isolating d alone] H;
    cbn [holds said] in *.
  - exact (schedule_sound rows c w H).
  - apply andb_true_iff in H as [_ H]; cbn [Means]; apply for_all_length; intros v _ here.
    exact (members_sound box v rows c w here H).
  - exact (region_sound n row what boxes covers uses H).
  - exact (threshold_sound n row what how range others m isolating d alone H).
Qed.

(** What a text says: what its certificates mean. *)
Definition stated (t : text) : option (list statement) := option_map (map said) (read t).
Definition Says (t : text) : Prop := exists ss, stated t = Some ss /\ all_mean ss.

Definition accepted (t : text) : bool := match read t with Some cs => forallb holds cs | None => false end.

(** What is accepted is true. *)
Theorem accepted_sound : forall t, accepted t = true -> Says t.
Proof.
  intros t H; unfold accepted, Says, stated in *; destruct (read t) as [cs|]; [|discriminate].
  exists (map said cs); split; [reflexivity|].
  induction cs as [|c cs IH]; [exact I|]; cbn [forallb] in H; apply andb_true_iff in H as [Hc H].
  specialize (IH H); apply holds_sound in Hc; cbn [map all_mean]; destruct (map said cs); [exact Hc|split; assumption].
Qed.

(** ** Instances *)

(** A text says what it is read to say. *)
Lemma says_what_is_read : forall t ss, stated t = Some ss -> (Says t <-> all_mean ss).
Proof.
  intros t ss H; split; [intros [ss' [H' M]]; rewrite H in H'; injection H' as <-; exact M|].
  intros M; exists ss; split; assumption.
Qed.

Lemma one_and_more : forall s t ss P Q, (Means s <-> P) -> (all_mean (t :: ss) <-> Q) ->
  (all_mean (s :: t :: ss) <-> P /\ Q).
Proof. intros s t ss P Q HP HQ; change (Means s /\ all_mean (t :: ss) <-> P /\ Q); rewrite HP, HQ; apply iff_refl. Qed.

(** The goal is Says t <-> ...: read t. *)
Ltac by_reading :=
  lazymatch goal with
  | |- Says ?t <-> _ =>
      let ss := eval vm_compute in (stated t) in
      lazymatch ss with
      | Some ?l => refine (iff_trans (says_what_is_read t l _) _); [vm_cast_no_check (eq_refl (Some l))|]
      | None => fail 1 "the text is no certificate"
      end
  end.

(** One statement of several, or the last. *)
Ltac statement_by tactic :=
  lazymatch goal with
  | |- all_mean [_] <-> _ => tactic
  | |- all_mean (_ :: _ :: _) <-> _ => refine (one_and_more _ _ _ _ _ _ _); [tactic|]
  end.

Ltac of_schedule fs := statement_by ltac:(refine (iff_trans (schedule_says fs _ _ _) _); [by_writing|exact (iff_refl _)]).
Ltac of_members Fs :=
  statement_by ltac:(refine (iff_trans (members_say _ _ _ _ Fs _) _); [cbn [for_all]; intros; by_writing|exact (iff_refl _)]).
Ltac of_family := statement_by ltac:(exact (iff_refl _)).

(** The goal is what the_text says, by that equivalence. *)
Ltac by_accepting says := refine (proj1 says (accepted_sound _ _)); by_computing.
