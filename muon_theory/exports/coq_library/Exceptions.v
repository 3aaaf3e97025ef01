(** * All values but a few, where each step errs

    Many values go through the steps side by side. In a step each becomes some
    y = |f x| + d; a bound of the sum of all d^2 (Mirsky's inequality gives one
    for singular values) says how many of them can move far. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule.
From MuonTheory Require Export Bands.
Import ListNotations.
Local Open Scope R_scope.

(** ** Counting *)

(** Which of 0, ..., n pass a test. *)
Fixpoint which (test : nat -> bool) (n : nat) : list nat :=
  (if test n then [n] else []) ++ match n with O => [] | S n' => which test n' end.

Lemma which_all : forall test n i, (i <= n)%nat -> test i = true -> In i (which test n).
Proof.
  intros test; induction n as [|n IH]; intros i Hi H; cbn [which]; apply in_or_app.
  - replace i with O in H by lia; rewrite H; left; left; lia.
  - destruct (Nat.eq_dec i (S n)) as [->|N]; [rewrite H; left; left; reflexivity|right; apply IH; [lia|exact H]].
Qed.

(** What passes one test passes one of two others. *)
Lemma which_either : forall s t test n, (forall i, (i <= n)%nat -> test i = true -> s i = true \/ t i = true) ->
  (length (which test n) <= length (which s n) + length (which t n))%nat.
Proof.
  intros s t test; induction n as [|n IH]; intros H; cbn [which]; rewrite !app_length; pose proof (H _ (le_n _)) as H'.
  - destruct (test O), (s O), (t O); simpl; try lia; destruct (H' eq_refl); discriminate.
  - specialize (IH (fun i Hi => H i (le_S _ _ Hi))).
    destruct (test (S n)), (s (S n)), (t (S n)); simpl; try lia; destruct (H' eq_refl); discriminate.
Qed.

Lemma which_none : forall n, which (fun _ => false) n = [].
Proof. induction n as [|n IH]; [reflexivity|exact IH]. Qed.

Definition beyond (w : R) (d : nat -> R) (i : nat) : bool := if Rlt_dec w (Rabs (d i)) then true else false.
Definition outside (j : interval) (x : nat -> R) (i : nat) : bool :=
  if Rle_dec (QR (fst j)) (x i) then if Rle_dec (x i) (QR (snd j)) then false else true else true.

Lemma beyond_no : forall w d i, beyond w d i = false -> Rabs (d i) <= w.
Proof. intros w d i; unfold beyond; destruct (Rlt_dec w (Rabs (d i))); [discriminate|lra]. Qed.
Lemma outside_no : forall j x i, outside j x i = false <-> inside j (x i).
Proof.
  intros j x i; unfold outside, inside; destruct (Rle_dec (QR (fst j)) (x i)), (Rle_dec (x i) (QR (snd j)));
    split; intros H; try discriminate; try lra; reflexivity.
Qed.

(** Each d beyond w adds more than w^2 to the sum of all d^2. *)
Lemma squares_beyond : forall w d n, 0 <= w -> let m := length (which (beyond w d) n) in
  INR m * w ^ 2 <= sum_f_R0 (fun i => d i ^ 2) n /\
  ((0 < m)%nat -> INR m * w ^ 2 < sum_f_R0 (fun i => d i ^ 2) n).
Proof.
  intros w d n Hw; cbv zeta.
  assert (One : forall i, (beyond w d i = true -> w ^ 2 < d i ^ 2) /\ 0 <= d i ^ 2).
  { intros i; split; [|apply pow2_ge_0]; unfold beyond; destruct (Rlt_dec w (Rabs (d i))) as [L|]; [intros _|discriminate].
    rewrite <- (pow2_abs (d i)); simpl; nra. }
  induction n as [|n [IH IH']]; cbn [which sum_f_R0]; rewrite app_length, plus_INR.
  - destruct (One O) as [L P]; destruct (beyond w d O); simpl length; simpl INR; [specialize (L eq_refl)|]; split; lra || lia.
  - destruct (One (S n)) as [L P]; destruct (beyond w d (S n)); simpl length; simpl INR; [specialize (L eq_refl); split; lra|].
    split; [lra|]; intros H; specialize (IH' H); lra.
Qed.

(** If the squares add up to at most s^2 <= (k + 1) w^2, at most k of the d are beyond w. *)
Lemma few_beyond : forall w s k d n, 0 <= w -> sum_f_R0 (fun i => d i ^ 2) n <= s ^ 2 -> s ^ 2 <= INR (S k) * w ^ 2 ->
  (length (which (beyond w d) n) <= k)%nat.
Proof.
  intros w s k d n Hw Hd Hs; destruct (Nat.le_gt_cases (length (which (beyond w d) n)) k) as [H|H]; [exact H|exfalso].
  pose proof (proj2 (squares_beyond w d n Hw) ltac:(lia)) as L.
  apply le_INR in H; pose proof (pow2_ge_0 w); nra.
Qed.

(** ** One step *)

(** What a step allows each d: |d| <= error, perhaps |d| <= share |f x| + rest, and perhaps a bound of the sum of all
    d^2. *)
Record allowance := Allowance { error : Q; relative : option (Q * Q); norm : option Q }.

Definition moves (a : allowance) (y d : R) : Prop :=
  Rabs d <= QR (error a) /\
  match relative a with Some (r, e) => Rabs d <= QR r * Rabs y + QR e | None => True end.

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

(** ** Values numbered 0, ..., n *)

(** They are x before a step, and y behind it. *)
Definition allowed (a : allowance) (f : R -> R) (n : nat) (x y : nat -> R) : Prop :=
  (forall i, (i <= n)%nat -> moves a (f (x i)) (y i - Rabs (f (x i)))) /\
  match norm a with Some s => sum_f_R0 (fun i => (y i - Rabs (f (x i))) ^ 2) n <= QR s ^ 2 | None => True end.

(** No more values leave the chain in a step than its count. *)
Lemma few_move : forall a v f n x y, Qle_bool 0 (width v) = true -> width_holds a v = true -> allowed a f n x y ->
  (length (which (beyond (QR (width v)) (fun i => y i - Rabs (f (x i)))%R) n) <= count v)%nat.
Proof.
  intros a v f n x y W0 H [Each All]; apply QR_le in W0; change (QR 0) with 0 in W0.
  apply orb_true_iff in H as [H|H].
  - apply QR_le in H; eapply Nat.le_trans; [apply (which_either (fun _ => false) (fun _ => false))|
      rewrite which_none; apply Nat.le_0_l].
    intros i Hi; unfold beyond; destruct (Rlt_dec _ _) as [L|]; [|discriminate]; destruct (Each i Hi) as [D _]; lra.
  - destruct (norm a) as [s|]; [|discriminate].
    apply few_beyond with (QR s); [exact W0|exact All|].
    apply QR_le in H; rewrite !QR_mult in H.
    assert (E : INR (S (count v)) = QR (inject_Z (Z.of_nat (S (count v))))).
    { unfold QR, inject_Z; rewrite INR_IZR_INZ; reflexivity. }
    rewrite E; rewrite <- !Rsqr_pow2; exact H.
Qed.

(** A value is outside the next interval only if it was outside this one, or moved by more than the width. *)
Lemma step_counts : forall r a i v f n x y, is_written f r -> widened_holds r a i v = true -> allowed a f n x y ->
  (length (which (outside (outer (next v)) y) n) <= length (which (outside i x) n) +
   length (which (beyond (QR (width v)) (fun i => y i - Rabs (f (x i)))%R) n))%nat.
Proof.
  intros r a i v f n x y Hf H [Each _]; apply which_either; intros j Hj O.
  destruct (outside i x j) eqn:I; [left; reflexivity|right]; apply outside_no in I.
  destruct (beyond (QR (width v)) (fun i => y i - Rabs (f (x i)))%R j) eqn:B; [reflexivity|exfalso].
  pose proof (widened_sound r a i v f (x j) _ Hf H I (Each j Hj) (beyond_no _ _ _ B)) as S.
  replace (Rabs (f (x j)) + (y j - Rabs (f (x j)))) with (y j) in S by ring.
  apply outside_no in S; congruence.
Qed.

(** ** The whole run *)

(** Whatever the steps do to the values within what is allowed, all but k end in the target. *)
Fixpoint ends_but (n : nat) (fs : list (R -> R)) (given : list allowance) (target : interval) (k : nat) (x : nat -> R) :
    Prop :=
  match fs, given with
  | f :: fs', a :: given' =>
      forall y : nat -> R,
      (forall i, (i <= n)%nat -> Rabs (y i - Rabs (f (x i))) <= QR (error a)) ->
      where_asked (fun m => forall i, (i <= n)%nat ->
        Rabs (y i - Rabs (f (x i))) <= QR (fst m) * Rabs (f (x i)) + QR (snd m)) (relative a)
        (where_asked (fun s => sum_f_R0 (fun i => (y i - Rabs (f (x i))) ^ 2) n <= QR s ^ 2) (norm a)
          (ends_but n fs' given' target k y))
  | _, _ =>
      exists exceptions : list nat, (length exceptions <= k)%nat /\
      forall i, (i <= n)%nat -> In i exceptions \/ inside target (x i)
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

Lemma all_but_from : forall n rows fs given i target steps k used,
  written_as fs rows -> widened_chain rows given i target k steps = true ->
  forall x, (length (which (outside i x) n) <= used)%nat -> ends_but n fs given target (used + k) x.
Proof.
  intros n; induction rows as [|r rows IH]; intros [|f fs] [|a given] i target [|v steps] k used Hw H x Hx;
    simpl in H; try contradiction; apply andb_true_iff in H as [_ H]; try discriminate; cbn [ends_but].
  - exists (which (outside i x) n); split; [lia|]; intros j Hj.
    destruct (outside i x j) eqn:O; [left; exact (which_all _ _ _ Hj O)|right].
    apply outside_no in O; exact (within_sound i target _ H O).
  - destruct Hw as [Hf Hw]; apply andb_true_iff in H as [H Hrest]; apply andb_true_iff in H as [Hs Hk].
    apply Nat.leb_le in Hk; intros y Errors; apply if_asked; intros Shares; apply if_asked; intros Norms.
    assert (Ha : allowed a f n x y).
    { split; [|destruct (norm a); [exact Norms|exact I]]; intros j Hj; split; [exact (Errors j Hj)|].
      destruct (relative a) as [[q e]|]; [exact (Shares j Hj)|exact I]. }
    replace (used + k)%nat with (used + count v + (k - count v))%nat by lia.
    apply (IH fs given (outer (next v)) target steps (k - count v)%nat); auto.
    pose proof Hs as Hs'; unfold widened_holds in Hs'.
    do 5 apply andb_true_iff, proj1 in Hs'; apply andb_true_iff in Hs' as [W0 Wh].
    pose proof (few_move a v f n x y W0 Wh Ha) as M.
    pose proof (step_counts r a i v f n x y Hf Hs Ha) as N; lia.
Qed.

(** All but k of the values that start in the first interval end in the second. *)
Theorem all_but : forall rows fs given start target k steps,
  written_as fs rows -> widened_chain rows given start target k steps = true ->
  forall n x, (forall i, (i <= n)%nat -> inside start (x i)) -> ends_but n fs given target k x.
Proof.
  intros rows fs given start target k steps Hw H n x Hx.
  apply (all_but_from n rows fs given start target steps k 0 Hw H).
  eapply Nat.le_trans; [apply (which_either (fun _ => false) (fun _ => false))|rewrite which_none; apply le_n].
  intros i Hi O; specialize (Hx i Hi); apply outside_no in Hx; congruence.
Qed.
