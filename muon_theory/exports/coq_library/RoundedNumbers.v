(** * What tier W's inequalities are made of, in rationals

    Powers that are rounded up, bounds of polynomials on [0, u] by the rule, with
    split points as data, and the constants of a format. *)

From Coq Require Import Reals NArith Nnat ZArith QArith Qabs List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule.
From MuonTheory Require Import RoundedSums Vectors Matrices MatrixPolynomials RoundedProducts RoundedCoefficients.
Import ListNotations.
Local Open Scope R_scope.

(** ** Rationals as reals *)

Definition most_of (a b : Q) : Q := if Qle_bool a b then b else a.

Lemma QR_max : forall a b, QR (most_of a b) = Rmax (QR a) (QR b).
Proof.
  intros a b; unfold most_of; destruct (Qle_bool a b) eqn:E.
  - apply QR_le in E; symmetry; apply Rmax_right, E.
  - symmetry; apply Rmax_left; assert (L : below b a = true) by (unfold below; rewrite E; reflexivity).
    apply QR_lt in L; lra.
Qed.
Lemma QR_abs : forall a, QR (Qabs a) = Rabs (QR a).
Proof.
  intros [n d]; rewrite !QR_quotient; simpl; unfold Rdiv; rewrite Rabs_mult, abs_IZR; f_equal.
  symmetry; apply Rabs_pos_eq, Rlt_le, Rinv_0_lt_compat; auto.
Qed.
Lemma QR_minus : forall a b, QR (a - b) = QR a - QR b.
Proof. intros; unfold Qminus; rewrite QR_plus, QR_opp; reflexivity. Qed.
Lemma QR_nat : forall k, QR (Z.of_nat k # 1) = INR k.
Proof. intros; unfold QR; simpl; symmetry; apply INR_IZR_INZ. Qed.
Lemma QR_literal : forall z, QR (z # 1) = IZR z.
Proof. reflexivity. Qed.
Lemma QR_0 : QR 0 = 0.
Proof. reflexivity. Qed.
Lemma QR_1 : QR 1 = 1.
Proof. reflexivity. Qed.
Lemma QR_2 : QR 2 = 2.
Proof. reflexivity. Qed.

#[global] Hint Rewrite QR_plus QR_mult QR_minus QR_opp QR_max QR_abs QR_nat QR_0 QR_1 QR_2 QR_square : real.

(** Up to 256 binary digits after the point, so that powers stay short. *)
Definition round_up (q : Q) : Q := (Qnum q * 2 ^ 256 / Zpos (Qden q) + 1)%Z # (2 ^ 256).

Lemma round_up_above : forall q, QR q <= QR (round_up q).
Proof.
  intros [n d]; apply QR_le, Qle_bool_iff; unfold Qle, round_up; cbn [Qnum Qden].
  pose proof (Z.mul_succ_div_gt (n * 2 ^ 256) (Zpos d) ltac:(lia)) as H.
  change (Zpos (2 ^ 256)) with (2 ^ 256)%Z; unfold Z.succ in H; lia.
Qed.

(** By squaring. *)
Fixpoint power_of (q : Q) (p : positive) : Q :=
  match p with
  | xH => round_up q
  | xO p => let r := power_of q p in round_up (r * r)
  | xI p => let r := power_of q p in round_up (q * round_up (r * r))
  end.
Definition power_up (q : Q) (k : nat) : Q := match N.of_nat k with N0 => 1 | Npos p => power_of q p end.

Lemma power_of_above : forall q p, 0 <= QR q -> QR q ^ Pos.to_nat p <= QR (power_of q p).
Proof.
  intros q p Hq; induction p as [p IH|p IH|]; cbn [power_of]; cbv zeta.
  - rewrite Pos2Nat.inj_xI; eapply Rle_trans; [|apply round_up_above]; rewrite QR_mult; simpl pow at 1.
    apply Rmult_le_compat_l; [exact Hq|]; eapply Rle_trans; [|apply round_up_above]; rewrite QR_mult.
    replace (QR q ^ (Pos.to_nat p + (Pos.to_nat p + 0))) with (QR q ^ Pos.to_nat p * QR q ^ Pos.to_nat p)
      by (rewrite <- pow_add; f_equal; lia).
    apply Rmult_le_compat; try assumption; apply pow_le, Hq.
  - rewrite Pos2Nat.inj_xO; eapply Rle_trans; [|apply round_up_above]; rewrite QR_mult.
    replace (QR q ^ (2 * Pos.to_nat p)) with (QR q ^ Pos.to_nat p * QR q ^ Pos.to_nat p) by (rewrite <- pow_add; f_equal; lia).
    apply Rmult_le_compat; try assumption; apply pow_le, Hq.
  - simpl; rewrite Rmult_1_r; apply round_up_above.
Qed.
Lemma power_up_above : forall q k, 0 <= QR q -> QR q ^ k <= QR (power_up q k).
Proof.
  intros q k Hq; unfold power_up; rewrite <- (Nat2N.id k) at 1; destruct (N.of_nat k) as [|p].
  - unfold QR; simpl; lra.
  - apply power_of_above, Hq.
Qed.

(** ** Polynomials *)

Lemma even_part_quotient : forall row t, rvalue (even_part row) t = quotient (map QR row) t.
Proof.
  induction row as [|c r IH]; intros t; simpl; [|rewrite even_part_cons, IH; reflexivity].
  unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant; reflexivity.
Qed.

(** The coefficients of p'. *)
Fixpoint slopes (k : Z) (row : list Q) : list Q := match row with [] => [] | c :: r => ((k # 1) * c)%Q :: slopes (k + 1) r end.

Lemma slopes_value : forall row k t,
  quotient (map QR (slopes k row)) t = (IZR k - 1) * quotient (map QR row) t + divided (map QR row) t t.
Proof.
  induction row as [|c r IH]; intros k t; simpl; [ring|].
  rewrite IH, QR_mult, QR_literal, plus_IZR, at_quotient; ring.
Qed.

(** A bound of a polynomial's modulus on [0, u], with the split points that show it. *)
Record modulus := Modulus { largest : Q; splits_above : list Q; splits_below : list Q }.

Definition bounded (r : rpoly) (u : Q) (b : modulus) : bool :=
  at_least_zero (rsub (constant (largest b)) r) 0 (splits_above b) u &&
  at_least_zero (radd (constant (largest b)) r) 0 (splits_below b) u.

Lemma bounded_sound : forall r u b, bounded r u b = true -> forall t, 0 <= t <= QR u -> Rabs (rvalue r t) <= QR (largest b).
Proof.
  intros r u b H t Ht; apply andb_true_iff in H as [H1 H2].
  assert (Z : QR 0 <= t <= QR u) by exact Ht.
  pose proof (at_least_zero_sound _ _ _ _ H1 t Z) as L1; pose proof (at_least_zero_sound _ _ _ _ H2 t Z) as L2.
  rewrite rvalue_sub, rvalue_constant in L1; rewrite rvalue_add, rvalue_constant in L2; apply Rabs_le; lra.
Qed.

Fixpoint at_q (row : list Q) (y : Q) : Q := match row with [] => 0 | c :: r => c * y + y * at_q r y end.
Fixpoint slope_q (row : list Q) (y : Q) : Q := match row with [] => 0 | c :: r => c + at_q r y + y * slope_q r y end.
Definition remainder_q (row : list Q) (y e : Q) : Q :=
  let p := map Qabs row in at_q p (y + e) - at_q p y - slope_q p y * e.

Lemma at_q_real : forall row y, QR (at_q row y) = at_ (map QR row) (QR y).
Proof. induction row as [|c r IH]; intros y; cbn [at_q map at_]; [reflexivity|autorewrite with real; rewrite IH; reflexivity]. Qed.
Lemma slope_q_real : forall row y, QR (slope_q row y) = divided (map QR row) (QR y) (QR y).
Proof.
  induction row as [|c r IH]; intros y; cbn [slope_q map divided]; [reflexivity|].
  autorewrite with real; rewrite IH, at_q_real; reflexivity.
Qed.
Lemma remainder_q_real : forall row y e, QR (remainder_q row y e) = remainder (map QR row) (QR y) (QR e).
Proof.
  intros row y e; unfold remainder_q, remainder, difference, absolute; cbv zeta; rewrite !map_map.
  rewrite !QR_minus, QR_mult, !at_q_real, slope_q_real, QR_plus, !map_map.
  rewrite (map_ext (fun x => QR (Qabs x)) (fun x => Rabs (QR x))) by apply QR_abs; ring.
Qed.

(** ** The arithmetic *)

Record format := Format { unit_q : Q; reading_q : Q; tiny_q : Q; storing_q : Q; stored_q : Q }.

Definition of_format (f : format) : arithmetic :=
  Arithmetic (QR (unit_q f)) (QR (reading_q f)) (QR (tiny_q f)) (QR (storing_q f)) (QR (stored_q f)).

Definition sensible_q (f : format) : bool :=
  Qle_bool 0 (unit_q f) && Qle_bool 0 (reading_q f) && Qle_bool 0 (tiny_q f) && Qle_bool 0 (storing_q f) && Qle_bool 0 (stored_q f) &&
  Qle_bool ((1 + reading_q f + tiny_q f) * ((1 + unit_q f) * (1 + unit_q f)) * (1 + storing_q f)) 2.

Ltac conjuncts H := repeat match type of H with (_ && _ = true)%bool => apply andb_true_iff in H as [H ?] end.
Ltac to_reals := repeat match goal with H : Qle_bool _ _ = true |- _ => apply QR_le in H; autorewrite with real in H end.

Lemma sensible_q_sound : forall f, sensible_q f = true -> sensible (of_format f).
Proof.
  intros f H; unfold sensible_q in H; conjuncts H; to_reals; unfold sensible; simpl unit; simpl reading; simpl tiny; simpl storing;
    simpl stored_tiny; repeat split; try assumption; simpl pow; lra.
Qed.

Definition product_q (f : format) (g : Q) : Q := (1 + reading_q f) * (1 + reading_q f) * (1 + g) - 1.
Definition underflow_q (f : format) (g ρ : Q) (k : nat) (x z : Q) : Q :=
  ((Z.of_nat (4 * k + 7) # 1) * most_of 1 z * tiny_q f * 2 * most_of 1 x * (1 + g) + stored_q f) * ρ.
Definition store_q (f : format) (size summed : Q) : Q := storing_q f * (size + summed) + summed.

Lemma product_q_real : forall f g, QR (product_q f g) = gamma_product (of_format f) (QR g).
Proof. intros; unfold product_q, gamma_product; autorewrite with real; simpl; ring. Qed.
Lemma underflow_q_real : forall f g ρ k x z, QR (underflow_q f g ρ k x z) = underflow (of_format f) (QR g) (QR ρ) k (QR x) (QR z).
Proof. intros; unfold underflow_q, underflow; autorewrite with real; reflexivity. Qed.
Lemma store_q_real : forall f x y, QR (store_q f x y) = store (of_format f) (QR x) (QR y).
Proof. intros; unfold store_q, store; autorewrite with real; reflexivity. Qed.

#[global] Hint Rewrite product_q_real underflow_q_real store_q_real at_q_real slope_q_real remainder_q_real : real.
