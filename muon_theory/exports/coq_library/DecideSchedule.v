(** * Is a claim about a schedule proved? *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Chains Bands FixedPoints Convergence Converges Escapes Cycles
  Several Box Monomials Families Region Threshold Isolated InBox.
From MuonTheory Require Exceptions Minimax Composition Repeated MeanSquare Models Moments.
From MuonTheory Require Import Certificate Reader DecideShared.
Import ListNotations.
Local Open Scope R_scope.

(** ** What is looked at *)

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
  | ConstantBound degree steps lower error range slope multiplier, Boxed top growth nodes box points tree, _ =>
      Nat.odd degree && Nat.ltb degree 16 &&
      Repeated.repeated_test (coefficients_of degree) steps lower error range slope multiplier top growth nodes box points tree
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

(** All odd polynomials with so many coefficients. *)
Lemma for_all_odd_lengths : forall rows degrees steps levels, levels_of rows degrees steps = Some levels ->
  forall P : list (R -> R) -> Prop, (forall qs, Composition.lengths levels qs -> P (map Minimax.odd_real qs)) ->
  for_all_odd degrees P.
Proof.
  induction rows as [|r rows IH]; intros [|d degrees] [|[[i e] ps] steps] levels H P HP; cbn [levels_of] in H;
    try discriminate; [injection H as <-; exact (HP [] Logic.I)|].
  destruct (levels_of rows degrees steps) as [rest|] eqn:E; [|discriminate].
  destruct (_ && _); [|discriminate]; injection H as <-; cbn [for_all_odd].
  intros p Hp; apply odd_of_coefficients in Hp as [q [Hq ->]].
  apply (IH _ _ _ E); intros qs Hqs; apply (HP (q :: qs)); split; [apply Nat.eq_le_incl, Hq|exact Hqs].
Qed.

Theorem schedule_sound : forall rows c w, schedule_holds rows c w = true -> says (map written rows) c.
Proof.
  intros rows c w H; pose proof (written_steps rows) as W.
  destruct c; try exact (schedule_shared_sound rows _ w H); cbn [schedule_holds] in H.
  - destruct w; try exact (schedule_shared_sound rows _ _ H); destruct inners as [inners|]; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [H _]; exact (attains rows _ start contains inners W H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H); destruct outers as [steps|]; try exact (schedule_shared_sound rows _ _ H).
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
  - destruct w; try exact (schedule_shared_sound rows _ _ H);
      destruct each as [|alone []]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    apply fixed_point_sound in H; destruct point as [lo hi]; cbn [says fst snd hd map] in *.
    destruct (Qeq_bool lo hi); [exact (fixes r _ lo Hf H)|exact (fixes_between r _ lo hi alone Hf H)].
  - destruct w; try exact (schedule_shared_sound rows _ _ H);
      destruct each as [|alone [|above [|beneath []]]]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    destruct point as [lo hi]; do 3 (apply andb_true_iff in H as [H ?H]).
    apply fixed_point_sound in H; cbn [says at_fixed_point fst snd hd map] in *.
    destruct (Qeq_bool lo hi).
    + exact (attracts r _ lo Hf (andb_true_intro (conj H H0))).
    + exact (attracts_between r _ lo hi alone above beneath Hf (andb_true_intro (conj H H0))).
  - destruct w; try exact (schedule_shared_sound rows _ _ H);
      destruct each as [|alone [|beyond []]]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    destruct point as [lo hi]; do 2 (apply andb_true_iff in H as [H ?H]).
    apply fixed_point_sound in H; cbn [says at_fixed_point fst snd hd map] in *.
    destruct (Qeq_bool lo hi).
    + exact (repels r _ lo Hf (andb_true_intro (conj H H0))).
    + exact (repels_between r _ lo hi alone beyond Hf (andb_true_intro (conj H H0))).
  - destruct w; try exact (schedule_shared_sound rows _ _ H);
      destruct each as [|alone [|positive [|beneath [|rising [|falling [|no_cycle []]]]]]]; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r rows]; [exact (schedule_shared_sound [] _ _ H)|]; destruct W as [Hf _].
    destruct point as [lo hi]; apply andb_true_iff in H as [_ H]; cbn [says fst snd hd map] in *.
    destruct (Qeq_bool lo hi).
    + exact (converges r _ lo upper _ Hf H).
    + exact (converges_between r _ lo hi upper alone _ Hf H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    destruct rows as [|r [|]]; try exact (schedule_shared_sound _ _ _ H).
    apply andb_true_iff in H as [_ H]; cbn [says]; intros p Hp.
    apply odd_of_coefficients in Hp as [q [Hq ->]]; exact (Minimax.minimax r _ _ _ _ _ H q ltac:(lia)).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    destruct (levels_of rows degrees steps) as [levels|] eqn:E; [|discriminate]; cbn [says].
    apply (for_all_odd_lengths _ _ _ _ E); exact (Composition.composition_bound _ _ _ levels H).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    destruct (levels_of rows degrees steps) as [levels|] eqn:E; [|discriminate]; cbn [says].
    apply andb_true_iff in H as [Hlength H]; apply Nat.eqb_eq in Hlength.
    apply (for_all_odd_lengths _ _ _ _ E); intros qs Hqs.
    exact (Composition.noisy_composition_bound _ _ _ levels errors Hlength H qs Hqs).
  - destruct w; try exact (schedule_shared_sound rows _ _ H).
    apply andb_true_iff in H as [_ H]; cbn [says]; intros f Hf Hone.
    apply odd_of_coefficients in Hf as [q [Hq ->]].
    pose proof (Repeated.repeated _ _ _ _ _ _ _ _ _ _ _ _ _ H q ltac:(lia)) as T.
    unfold Repeated.has_slope, where_asked, inside in *; cbn [fst snd] in *; change (QR 1) with 1 in *.
    destruct range, slope, multiplier; intros; apply T; auto.
Qed.
