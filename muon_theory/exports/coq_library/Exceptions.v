(** * All values but a few, where each step errs

    Many values go through the steps side by side. In a step each becomes
    |f x| + d; a bound of the sum of all d^2 (Mirsky's inequality gives one for
    singular values) says how many of them can move far. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule.
From MuonTheory Require Export Bands.
Import ListNotations.
Local Open Scope R_scope.

(** ** Counting *)

(** How many entries are larger than w. *)
Fixpoint beyond (w : R) (es : list R) : nat :=
  match es with
  | [] => O
  | e :: es' => ((if Rlt_dec w (Rabs e) then 1 else 0) + beyond w es')%nat
  end.

(** How many entries lie outside an interval. *)
Fixpoint outside (i : interval) (xs : list R) : nat :=
  match xs with
  | [] => O
  | x :: xs' =>
      ((if Rle_dec (QR (fst i)) x then if Rle_dec x (QR (snd i)) then 0 else 1 else 1) + outside i xs')%nat
  end.

Fixpoint squares (es : list R) : R :=
  match es with [] => 0 | e :: es' => e ^ 2 + squares es' end.

Lemma squares_beyond : forall w es, 0 <= w -> INR (beyond w es) * w ^ 2 <= squares es.
Proof.
  intros w es Hw; induction es as [|e es IH]; simpl beyond; simpl squares; [simpl; lra|].
  rewrite plus_INR; pose proof (pow2_ge_0 e) as P.
  destruct (Rlt_dec w (Rabs e)) as [H|H]; simpl INR; [|lra].
  assert (w ^ 2 <= e ^ 2); [|lra].
  rewrite <- (pow2_abs e); apply pow_incr; lra.
Qed.

Lemma squares_strict : forall w es, 0 <= w -> (0 < beyond w es)%nat -> INR (beyond w es) * w ^ 2 < squares es.
Proof.
  intros w es Hw; induction es as [|e es IH]; simpl beyond; simpl squares; intros H; [lia|].
  rewrite plus_INR; pose proof (pow2_ge_0 e) as P; pose proof (squares_beyond w es Hw) as S.
  destruct (Rlt_dec w (Rabs e)) as [L|L]; simpl INR in *.
  - assert (w ^ 2 < e ^ 2); [|lra].
    rewrite <- (pow2_abs e); simpl; nra.
  - simpl in H; specialize (IH H); lra.
Qed.

(** If the squares add up to at most s^2 <= (k + 1) w^2, at most k entries are larger than w. *)
Lemma few_beyond : forall w s k es, 0 <= w -> squares es <= s ^ 2 -> s ^ 2 <= INR (S k) * w ^ 2 ->
  (beyond w es <= k)%nat.
Proof.
  intros w s k es Hw He Hs; destruct (Nat.le_gt_cases (beyond w es) k) as [H|H]; [exact H|exfalso].
  pose proof (squares_strict w es Hw ltac:(lia)) as L.
  apply le_INR in H; pose proof (pow2_ge_0 w); nra.
Qed.

(** ** One step *)

(** What a step allows each d: |d| <= error, perhaps |d| <= share |f x| + rest, and perhaps a bound of the sum of all
    d^2. *)
Record allowance := Allowance { error : Q; relative : option (Q * Q); norm : option Q }.

Definition moves (a : allowance) (y d : R) : Prop :=
  Rabs d <= QR (error a) /\
  match relative a with Some (r, e) => Rabs d <= QR r * Rabs y + QR e | None => True end.

(** There is a d for each x, and all are allowed. *)
Fixpoint each_moves (a : allowance) (f : R -> R) (xs ds : list R) : Prop :=
  match xs, ds with
  | x :: xs', d :: ds' => moves a (f x) d /\ each_moves a f xs' ds'
  | [], [] => True
  | _, _ => False
  end.

Definition allowed (a : allowance) (f : R -> R) (xs ds : list R) : Prop :=
  each_moves a f xs ds /\ match norm a with Some s => squares ds <= QR s ^ 2 | None => True end.

Fixpoint moved (f : R -> R) (xs ds : list R) : list R :=
  match xs, ds with
  | x :: xs', d :: ds' => Rabs (f x) + d :: moved f xs' ds'
  | _, _ => []
  end.

(** The witness of a step: by how much the chain is widened, how many values may move by more, at which ends the share
    and the rest widen it instead, and the next interval. *)
Record widened := Widened { width : Q; count : nat; by_lower : bool; by_upper : bool; next : step }.

(** w is as large as every d, or (k + 1) w^2 >= s^2. *)
Definition width_holds (a : allowance) (v : widened) : bool :=
  Qle_bool (error a) (width v) ||
  match norm a with
  | Some s => Qle_bool (s * s) (inject_Z (Z.of_nat (S (count v))) * (width v * width v))
  | None => false
  end.

(** The share and the rest, or 0 and the width. *)
Definition margin (a : allowance) (v : widened) (shared : bool) : option (Q * Q) :=
  if shared then relative a else Some (0, width v)%Q.

Definition margin_holds (m : option (Q * Q)) : bool :=
  match m with Some (r, e) => Qle_bool 0 r && below r 1 && Qle_bool 0 e | None => false end.

(** lo + e <= (1 - r) f on I. *)
Definition lower_holds (r : row) (m : option (Q * Q)) (i : interval) (s : step) : bool :=
  match m with
  | Some (q, e) => at_least_zero (rsub (rmul (constant (1 - q)) (odd_part r)) (constant (fst (outer s) + e)))
      (fst i) (lower_splits s) (snd i)
  | None => false
  end.

(** (1 + r) f <= hi - e on I. *)
Definition upper_holds (r : row) (m : option (Q * Q)) (i : interval) (s : step) : bool :=
  match m with
  | Some (q, e) => at_least_zero (rsub (constant (snd (outer s) - e)) (rmul (constant (1 + q)) (odd_part r)))
      (fst i) (upper_splits s) (snd i)
  | None => false
  end.

Definition widened_holds (r : row) (a : allowance) (i : interval) (v : widened) : bool :=
  let lower := margin a v (by_lower v) in
  let upper := margin a v (by_upper v) in
  Qle_bool 0 (width v) && width_holds a v && margin_holds lower && margin_holds upper &&
  starts_positive (outer (next v)) && lower_holds r lower i (next v) && upper_holds r upper i (next v).

Lemma between_abs : forall z a, Rabs z <= a -> - a <= z <= a.
Proof. intros z a; unfold Rabs; destruct (Rcase_abs z); lra. Qed.

(** What is allowed, and at most the width, stays within the margin of either end. *)
Lemma margin_sound : forall a v shared r e y d, margin a v shared = Some (r, e) -> moves a y d ->
  Rabs d <= QR (width v) -> Rabs d <= QR r * Rabs y + QR e.
Proof.
  intros a v [|] r e y d M [_ D] W; simpl in M.
  - rewrite M in D; exact D.
  - injection M as <- <-; assert (Z0 : QR 0 = 0) by reflexivity; rewrite Z0; lra.
Qed.

Lemma margin_bounds : forall r e, margin_holds (Some (r, e)) = true -> 0 <= QR r < 1 /\ 0 <= QR e.
Proof.
  intros r e H; simpl in H; apply andb_true_iff in H as [H E]; apply andb_true_iff in H as [R0 R1].
  apply QR_le in R0; apply QR_lt in R1; apply QR_le in E.
  assert (Z0 : QR 0 = 0) by reflexivity; assert (O1 : QR 1 = 1) by reflexivity.
  rewrite Z0 in R0, E; rewrite O1 in R1; lra.
Qed.

(** Values inside I that move by at most w land in the next interval. *)
Lemma widened_sound : forall r a i v f x d, is_written f r -> widened_holds r a i v = true -> inside i x ->
  moves a (f x) d -> Rabs d <= QR (width v) -> inside (outer (next v)) (Rabs (f x) + d).
Proof.
  intros r a i v f x d Hf H Hx Hd Hw; unfold widened_holds in H.
  destruct (margin a v (by_lower v)) as [[q e]|] eqn:Ml; [|simpl in H; rewrite !andb_false_r in H; discriminate].
  destruct (margin a v (by_upper v)) as [[q' e']|] eqn:Mu; [|simpl in H; rewrite !andb_false_r in H; discriminate].
  apply andb_true_iff in H as [H Up]; apply andb_true_iff in H as [H Low]; apply andb_true_iff in H as [H Pos].
  apply andb_true_iff in H as [H Bu]; apply andb_true_iff in H as [H Bl].
  apply margin_bounds in Bl; apply margin_bounds in Bu; apply QR_lt in Pos.
  pose proof (margin_sound a v _ q e (f x) d Ml Hd Hw) as Dl.
  pose proof (margin_sound a v _ q' e' (f x) d Mu Hd Hw) as Du.
  unfold lower_holds, upper_holds in Low, Up.
  apply (at_least_zero_sound _ _ _ _ Low) in Hx as Lo; apply (at_least_zero_sound _ _ _ _ Up) in Hx as Hi.
  rewrite rvalue_sub, rvalue_mul, !rvalue_constant, odd_part_value, <- Hf in Lo, Hi.
  unfold Qminus in Lo, Hi; rewrite !QR_plus in Lo, Hi; rewrite !QR_opp in Lo; rewrite !QR_opp in Hi.
  assert (Z0 : QR 0 = 0) by reflexivity; assert (O1 : QR 1 = 1) by reflexivity.
  rewrite Z0 in Pos; rewrite O1 in Lo, Hi.
  assert (P : 0 < f x) by nra.
  rewrite (Rabs_pos_eq (f x)) in * by lra.
  apply between_abs in Dl; apply between_abs in Du; unfold inside; split; nra.
Qed.

(** No more values leave the chain in a step than its count. *)
Lemma few_move : forall a v f xs ds, Qle_bool 0 (width v) = true -> width_holds a v = true -> allowed a f xs ds ->
  (beyond (QR (width v)) ds <= count v)%nat.
Proof.
  intros a v f xs ds W0 H [Each All]; apply QR_le in W0.
  assert (Z0 : QR 0 = 0) by reflexivity; rewrite Z0 in W0.
  apply orb_true_iff in H as [H|H].
  - apply QR_le in H; assert (B : beyond (QR (width v)) ds = O); [|rewrite B; apply Nat.le_0_l].
    clear All; revert xs Each; induction ds as [|d ds IH]; intros xs Each; [reflexivity|].
    destruct xs as [|x xs]; [contradiction|]; destruct Each as [[D _] Each]; simpl.
    destruct (Rlt_dec (QR (width v)) (Rabs d)) as [L|L]; [exfalso; lra|exact (IH xs Each)].
  - destruct (norm a) as [s|]; [|discriminate].
    apply few_beyond with (QR s); [exact W0|exact All|].
    apply QR_le in H; rewrite !QR_mult in H.
    assert (E : INR (S (count v)) = QR (inject_Z (Z.of_nat (S (count v))))).
    { unfold QR, inject_Z; rewrite INR_IZR_INZ; reflexivity. }
    rewrite E; rewrite <- !Rsqr_pow2; exact H.
Qed.

(** A value is outside the next interval only if it was outside this one, or moved by more than the width. *)
Lemma step_counts : forall r a i v f, is_written f r -> widened_holds r a i v = true ->
  forall xs ds, each_moves a f xs ds ->
  (outside (outer (next v)) (moved f xs ds) <= outside i xs + beyond (QR (width v)) ds)%nat.
Proof.
  intros r a i v f Hf H; induction xs as [|x xs IH]; intros [|d ds] Each; try contradiction; simpl; [lia|].
  destruct Each as [D Each]; specialize (IH ds Each).
  pose proof (widened_sound r a i v f x d Hf H) as S; unfold inside in S.
  destruct (Rlt_dec (QR (width v)) (Rabs d)) as [E|E];
    destruct (Rle_dec (QR (fst i)) x) as [A|A]; try destruct (Rle_dec x (QR (snd i))) as [B|B];
    destruct (Rle_dec (QR (fst (outer (next v)))) (Rabs (f x) + d)) as [C|C];
    try destruct (Rle_dec (Rabs (f x) + d) (QR (snd (outer (next v))))) as [F|F]; try lia;
    exfalso; destruct (S (conj A B) D ltac:(lra)); lra.
Qed.

(** ** The whole run *)

(** Whatever the steps do to the values within what is allowed, all but k end in the target. *)
Fixpoint ends_but (fs : list (R -> R)) (given : list allowance) (target : interval) (k : nat) (xs : list R) : Prop :=
  match fs, given with
  | f :: fs', a :: given' => forall ds, allowed a f xs ds -> ends_but fs' given' target k (moved f xs ds)
  | _, _ => (outside target xs <= k)%nat
  end.

Fixpoint widened_chain (rows : list row) (given : list allowance) (i target : interval) (k : nat)
    (steps : list widened) : bool :=
  starts_positive i &&
  match rows, given, steps with
  | [], [], [] => within i target
  | r :: rows', a :: given', v :: steps' =>
      widened_holds r a i v && Nat.leb (count v) k &&
      widened_chain rows' given' (outer (next v)) target (k - count v) steps'
  | _, _, _ => false
  end.

Lemma outside_within : forall i j xs, within i j = true -> (outside j xs <= outside i xs)%nat.
Proof.
  intros i j xs H; induction xs as [|x xs IH]; simpl; [lia|].
  pose proof (within_sound i j x H) as S; unfold inside in S.
  destruct (Rle_dec (QR (fst i)) x) as [A|A]; try destruct (Rle_dec x (QR (snd i))) as [B|B];
    destruct (Rle_dec (QR (fst j)) x) as [C|C]; try destruct (Rle_dec x (QR (snd j))) as [D|D]; try lia;
    exfalso; destruct (S (conj A B)); lra.
Qed.

Lemma all_but_from : forall rows fs given i target steps k used,
  written_as fs rows -> widened_chain rows given i target k steps = true ->
  forall xs, (outside i xs <= used)%nat -> ends_but fs given target (used + k) xs.
Proof.
  induction rows as [|r rows IH]; intros [|f fs] [|a given] i target [|v steps] k used Hw H xs Hx;
    simpl in H; try contradiction; apply andb_true_iff in H as [_ H]; try discriminate; simpl.
  - pose proof (outside_within i target xs H); lia.
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [H Hrest]; apply andb_true_iff in H as [Hs Hk].
    apply Nat.leb_le in Hk; intros ds Ha.
    replace (used + k)%nat with (used + count v + (k - count v))%nat by lia.
    apply (IH fs given (outer (next v)) target steps (k - count v)%nat); auto.
    pose proof Hs as Hs'; unfold widened_holds in Hs'.
    do 5 apply andb_true_iff, proj1 in Hs'; apply andb_true_iff in Hs' as [W0 Wh].
    pose proof (few_move a v f xs ds W0 Wh Ha) as M.
    pose proof (step_counts r a i v f Hf Hs xs ds (proj1 Ha)) as N; lia.
Qed.

(** All but k of the values that start in the first interval end in the second. *)
Theorem all_but : forall rows fs given start target k steps,
  written_as fs rows -> widened_chain rows given start target k steps = true ->
  forall xs, (forall x, In x xs -> QR (fst start) <= x <= QR (snd start)) -> ends_but fs given target k xs.
Proof.
  intros rows fs given start target k steps Hw H xs Hx.
  apply (all_but_from rows fs given start target steps k 0 Hw H).
  induction xs as [|x xs IH]; simpl; [lia|].
  destruct (Hx x (or_introl eq_refl)) as [A B]; specialize (IH (fun y Hy => Hx y (or_intror Hy))).
  destruct (Rle_dec (QR (fst start)) x), (Rle_dec x (QR (snd start))); lra || lia.
Qed.
