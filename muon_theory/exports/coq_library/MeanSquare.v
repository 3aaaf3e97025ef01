(** * mean-square: bounds on the integral of (φ - 1)²

    The interval is cut into cells; on each a chain of intervals encloses φ,
    hence (φ - 1)², and the integral over the cell. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands.
Import ListNotations.
Local Open Scope R_scope.

(** ** One cell *)

(** The cell's right end, an interval for its values, and the chain that shows it. *)
Record cell := Cell { right_end : Q; values : interval; cell_chain : list step }.

(** The least and the greatest (y - 1)² for y in an interval. *)
Definition least_square (i : interval) : Q :=
  if Qle_bool 1 (fst i) then square (fst i - 1)
  else if Qle_bool (snd i) 1 then square (1 - snd i) else 0.
Definition greatest_square (i : interval) : Q :=
  if Qle_bool (1 - fst i) (snd i - 1) then square (snd i - 1) else square (1 - fst i).

(** Differences of rationals are those of the reals. *)
Lemma QR_minus : forall a b, QR (a - b) = QR a - QR b.
Proof. intros; unfold Qminus; rewrite QR_plus, QR_opp; reflexivity. Qed.

(** A failed comparison is the opposite one, strictly. *)
Lemma negative_test : forall a b, Qle_bool a b = false -> QR b < QR a.
Proof. intros a b H; apply QR_lt; unfold below; rewrite H; reflexivity. Qed.

(** They bound (y - 1)². *)
Lemma squares_sound : forall i y, inside i y ->
  QR (least_square i) <= (y - 1) ^ 2 <= QR (greatest_square i).
Proof.
  intros [lo hi] y Hy; unfold inside in Hy; cbn [fst snd] in Hy.
  unfold least_square, greatest_square; cbn [fst snd]; split.
  - destruct (Qle_bool 1 lo) eqn:E1; [|destruct (Qle_bool hi 1) eqn:E2].
    + apply QR_le in E1; rewrite QR_square, QR_minus; change (QR 1) with 1 in *; apply square_le; lra.
    + apply QR_le in E2; rewrite QR_square, QR_minus; change (QR 1) with 1 in *.
      replace ((y - 1) ^ 2) with ((1 - y) ^ 2) by ring; apply square_le; lra.
    + change (QR 0) with 0; apply pow2_ge_0.
  - rewrite <- (pow2_abs (y - 1)).
    destruct (Qle_bool (1 - lo) (hi - 1)) eqn:E;
      [apply QR_le in E|apply negative_test in E]; rewrite QR_square; rewrite !QR_minus in *;
      change (QR 1) with 1 in *; apply square_le; unfold Rabs; destruct (Rcase_abs (y - 1)); lra.
Qed.

(** ** All cells *)

Fixpoint cells_hold (rows : list row) (a b : Q) (cells : list cell) : bool :=
  match cells with
  | [] => Qeq_bool a b
  | c :: cells' =>
      Qle_bool a (right_end c) &&
      chain rows (a, right_end c) (cell_chain c) (fun i => within i (values c)) &&
      cells_hold rows (right_end c) b cells'
  end.

(** Sums are kept in units of 2^-200, each summand rounded outward: their integers stay short. *)
Definition unit : positive := (2 ^ 200)%positive.
Definition rounded_down (q : Q) : Z := (Qnum q * Zpos unit / Zpos (Qden q))%Z.
Definition rounded_up (q : Q) : Z := (- rounded_down (- q))%Z.

(** They bound the number, in units. *)
Lemma rounded_down_sound : forall q, QR (rounded_down q # unit) <= QR q.
Proof.
  intros [n d]; rewrite !QR_quotient; unfold rounded_down; cbn [Qnum Qden].
  pose proof (Z.mul_div_le (n * Zpos unit) (Zpos d) ltac:(reflexivity)) as H; apply IZR_le in H; rewrite !mult_IZR in H.
  apply Rmult_le_reg_r with (IZR (Zpos unit) * IZR (Zpos d)); [apply Rmult_lt_0_compat; auto|].
  field_simplify; auto; lra.
Qed.
Lemma rounded_up_sound : forall q, QR q <= QR (rounded_up q # unit).
Proof.
  intros q; pose proof (rounded_down_sound (- q)) as H; rewrite QR_opp in H.
  replace (QR (rounded_up q # unit)) with (- QR (rounded_down (- q) # unit)); [lra|].
  rewrite <- QR_opp; reflexivity.
Qed.

(** Length times square, summed over the cells from a on. *)
Fixpoint total (round : Q -> Z) (weigh : interval -> Q) (a : Q) (cells : list cell) : Z :=
  match cells with
  | [] => 0%Z
  | c :: cells' => (round ((right_end c - a) * weigh (values c))%Q + total round weigh (right_end c) cells')%Z
  end.

(** Sums of units. *)
Lemma QR_units : forall m n, QR (m + n # unit) = QR (m # unit) + QR (n # unit).
Proof. intros; rewrite !QR_quotient; cbn [Qnum Qden]; rewrite plus_IZR; field; auto. Qed.

(** (φ - 1)² is integrable everywhere. *)
Lemma deviation_integrable : forall rows fs a b, written_as fs rows ->
  ex_RInt (fun x => (run fs x - 1) ^ 2) a b.
Proof.
  intros rows fs a b Hw; apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros z _.
  apply continuity_pt_filterlim.
  apply (continuity_pt_comp (fun x => run fs x - 1) (fun y => y ^ 2)).
  - apply (continuity_pt_minus (run fs) (fct_cte 1)); [apply (run_continuous rows fs Hw)|].
    apply continuity_pt_const; intros ? ?; reflexivity.
  - apply derivable_continuous_pt; exists (INR 2 * (run fs z - 1) ^ 1); apply derivable_pt_lim_pow.
Qed.

(** The integral lies between the two sums. *)
Lemma cells_sound : forall rows fs, written_as fs rows ->
  forall cells a b, cells_hold rows a b cells = true ->
  QR (total rounded_down least_square a cells # unit)
    <= RInt (fun x => (run fs x - 1) ^ 2) (QR a) (QR b)
    <= QR (total rounded_up greatest_square a cells # unit).
Proof.
  intros rows fs Hw cells; induction cells as [|c cells IH]; intros a b H; cbn [cells_hold total] in *.
  - apply QR_eq in H; rewrite H, RInt_point, QR_quotient; unfold zero; simpl; unfold Rdiv; rewrite Rmult_0_l; lra.
  - apply andb_true_iff in H as [H Hrest]; apply andb_true_iff in H as [Hle Hchain].
    apply QR_le in Hle; specialize (IH _ _ Hrest).
    set (h := fun x => (run fs x - 1) ^ 2) in *; set (m := right_end c) in *.
    pose proof (deviation_integrable rows fs (QR a) (QR m) Hw) as I1; fold h in I1.
    pose proof (deviation_integrable rows fs (QR m) (QR b) Hw) as I2; fold h in I2.
    rewrite <- (RInt_Chasles h (QR a) (QR m) (QR b) I1 I2); unfold plus; simpl.
    rewrite !QR_units.
    pose proof (rounded_down_sound ((m - a) * least_square (values c))) as Dn.
    pose proof (rounded_up_sound ((m - a) * greatest_square (values c))) as Up.
    rewrite QR_mult, QR_minus in Dn, Up.
    assert (B : forall x, QR a < x < QR m ->
              QR (least_square (values c)) <= h x <= QR (greatest_square (values c))).
    { intros x Hx; apply squares_sound.
      destruct (chain_sound _ rows fs _ (a, m) x Hw Hchain) as [j [Hj Hin]];
        [unfold inside; simpl; lra|exact (within_sound j _ _ Hj Hin)]. }
    assert (C : forall k, RInt (fun _ : R => k) (QR a) (QR m) = (QR m - QR a) * k)
      by (intros; rewrite RInt_const; reflexivity).
    assert (Lo : (QR m - QR a) * QR (least_square (values c)) <= RInt h (QR a) (QR m)).
    { rewrite <- C; apply RInt_le; auto; [apply ex_RInt_const|intros x Hx; apply B, Hx]. }
    assert (Hi : RInt h (QR a) (QR m) <= (QR m - QR a) * QR (greatest_square (values c))).
    { rewrite <- C; apply RInt_le; auto; [apply ex_RInt_const|intros x Hx; apply B, Hx]. }
    lra.
Qed.

Definition mean_square_test (rows : list row) (i bounds : interval) (cells : list cell) : bool :=
  cells_hold rows (fst i) (snd i) cells &&
  Qle_bool (fst bounds * (snd i - fst i)) (total rounded_down least_square (fst i) cells # unit) &&
  Qle_bool (total rounded_up greatest_square (fst i) cells # unit) (snd bounds * (snd i - fst i)).

(** The mean of (φ - 1)² over [l, u] lies within the bounds. *)
Theorem mean_square : forall rows fs i bounds cells, written_as fs rows ->
  mean_square_test rows i bounds cells = true ->
  QR (fst bounds) * (QR (snd i) - QR (fst i))
    <= RInt (fun x => (run fs x - 1) ^ 2) (QR (fst i)) (QR (snd i))
    <= QR (snd bounds) * (QR (snd i) - QR (fst i)).
Proof.
  intros rows fs i bounds cells Hw H; unfold mean_square_test in H.
  apply andb_true_iff in H as [H Hhigh]; apply andb_true_iff in H as [Hcells Hlow].
  apply QR_le in Hlow; apply QR_le in Hhigh; rewrite QR_mult, QR_minus in Hlow, Hhigh.
  pose proof (cells_sound rows fs Hw cells _ _ Hcells); lra.
Qed.
