(** * Polynomials that compute

    A polynomial is the list of its integer coefficients, lowest power first.
    A rational polynomial is an integer one over a positive denominator.
    Everything that is computed in a proof is computed on these two types;
    [value] and [rvalue] say what they mean as functions on the real line. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
Import ListNotations.
Local Open Scope R_scope.

(** ** Integer polynomials *)

Definition poly := list Z.

(** The real function that a polynomial denotes. *)
Fixpoint value (p : poly) (x : R) : R :=
  match p with [] => 0 | c :: q => IZR c + x * value q x end.

Fixpoint add (p q : poly) : poly :=
  match p, q with
  | [], _ => q
  | _, [] => p
  | a :: p', b :: q' => (a + b)%Z :: add p' q'
  end.

Definition scale (k : Z) (p : poly) : poly := map (Z.mul k) p.

Fixpoint mul (p q : poly) : poly :=
  match p with [] => [] | a :: p' => add (scale a q) (0%Z :: mul p' q) end.

(** The derivative, from (c + x q)' = q + x q'. *)
Fixpoint derivative (p : poly) : poly :=
  match p with [] => [] | _ :: q => add q (0%Z :: derivative q) end.

(** x · p(x²), from the coefficients of p. *)
Fixpoint odd (p : poly) : poly :=
  match p with [] => [] | c :: q => 0%Z :: c :: odd q end.

(** Addition denotes addition. *)
Lemma value_add : forall p q x, value (add p q) x = value p x + value q x.
Proof.
  induction p as [|a p IH]; intros [|b q] x; simpl; try ring.
  rewrite IH, plus_IZR; ring.
Qed.

(** Multiplication by a constant denotes the same. *)
Lemma value_scale : forall k p x, value (scale k p) x = IZR k * value p x.
Proof.
  intros k p x; induction p as [|a p IH]; simpl; [ring|].
  fold (scale k p); rewrite IH, mult_IZR; ring.
Qed.

(** Multiplication denotes multiplication. *)
Lemma value_mul : forall p q x, value (mul p q) x = value p x * value q x.
Proof.
  induction p as [|a p IH]; intros q x; simpl; [ring|].
  rewrite value_add, value_scale; simpl; rewrite IH; ring.
Qed.

(** The odd polynomial with even part p takes the value x · p(x²). *)
Lemma value_odd : forall p x, value (odd p) x = x * value p (x ^ 2).
Proof. induction p as [|c p IH]; intros x; simpl; [ring|]; rewrite IH; simpl; ring. Qed.

(** The formal derivative is the derivative. *)
Lemma value_derivative : forall p x,
  derivable_pt_lim (value p) x (value (derivative p) x).
Proof.
  induction p as [|c p IH]; intros x; simpl.
  - apply derivable_pt_lim_const.
  - rewrite value_add; simpl.
    replace (value p x + (0 + x * value (derivative p) x))
      with (0 + (1 * value p x + x * value (derivative p) x)) by ring.
    apply (derivable_pt_lim_plus (fct_cte (IZR c)) (mult_fct id (value p))).
    + apply derivable_pt_lim_const.
    + apply derivable_pt_lim_mult; [apply derivable_pt_lim_id | apply IH].
Qed.

(** ** Rational polynomials *)

Record rpoly := Over { top : poly; bottom : positive }.

Definition rvalue (r : rpoly) (x : R) : R := value (top r) x / IZR (Zpos (bottom r)).

Definition constant (c : Q) : rpoly := Over [Qnum c] (Qden c).
Definition one : rpoly := Over [1%Z] 1.
Definition variable : rpoly := Over [0; 1]%Z 1.
Definition radd (r s : rpoly) : rpoly :=
  Over (add (scale (Zpos (bottom s)) (top r)) (scale (Zpos (bottom r)) (top s)))
       (bottom r * bottom s).
Definition ropp (r : rpoly) : rpoly := Over (scale (-1) (top r)) (bottom r).
Definition rsub (r s : rpoly) : rpoly := radd r (ropp s).
Definition rmul (r s : rpoly) : rpoly :=
  Over (mul (top r) (top s)) (bottom r * bottom s).
Definition rderivative (r : rpoly) : rpoly := Over (derivative (top r)) (bottom r).
Definition rodd (r : rpoly) : rpoly := Over (odd (top r)) (bottom r).

(** The same polynomial without trailing zeros. *)
Fixpoint trim (p : poly) : poly :=
  match p with
  | [] => []
  | c :: q => match trim q with
              | [] => if Z.eqb c 0 then [] else [c]
              | q' => c :: q'
              end
  end.

(** It denotes the same function. *)
Lemma value_trim : forall p x, value (trim p) x = value p x.
Proof.
  induction p as [|c q IH]; intros x; [reflexivity|]; cbn [trim value]; rewrite <- IH.
  destruct (trim q); [|reflexivity].
  destruct (Z.eqb_spec c 0) as [->|_]; simpl; ring.
Qed.

(** The same polynomial in lowest terms: what keeps the integers short. *)
Definition lowest (r : rpoly) : rpoly :=
  match fold_right Z.gcd (Zpos (bottom r)) (top r) with
  | Zpos g =>
      if forallb (fun c => Z.eqb (Zpos g * (c / Zpos g)) c) (Zpos (bottom r) :: top r)
      then Over (map (fun c => Z.div c (Zpos g)) (top r)) (Z.to_pos (Zpos (bottom r) / Zpos g))
      else r
  | _ => r
  end.
Definition reduce (r : rpoly) : rpoly := lowest (Over (trim (top r)) (bottom r)).

(** A rational number as a real one, written as a person would write it. *)
Definition QR (c : Q) : R :=
  match Qden c with xH => IZR (Qnum c) | d => IZR (Qnum c) / IZR (Zpos d) end.

(** Whichever way it is written, it is numerator over denominator. *)
Lemma QR_quotient : forall c, QR c = IZR (Qnum c) / IZR (Zpos (Qden c)).
Proof. intros [n [d|d|]]; unfold QR; simpl; try reflexivity; field. Qed.

(** A positive integer is a positive real. *)
Lemma positive_real : forall d, 0 < IZR (Zpos d).
Proof. intros d; apply IZR_lt; reflexivity. Qed.

(** A positive integer is not zero as a real. *)
Lemma positive_nonzero : forall d, IZR (Zpos d) <> 0.
Proof. intros d; apply Rgt_not_eq, positive_real. Qed.

#[global] Hint Resolve positive_real positive_nonzero : core.

(** The order of the rationals is decided by computation. *)
Lemma QR_le : forall a b, Qle_bool a b = true -> QR a <= QR b.
Proof.
  intros a b H; apply Qle_bool_iff in H; unfold Qle in H; apply IZR_le in H.
  rewrite !mult_IZR in H; rewrite !QR_quotient.
  apply Rmult_le_reg_r with (IZR (Zpos (Qden a)) * IZR (Zpos (Qden b)));
    [apply Rmult_lt_0_compat; auto|].
  field_simplify; auto; lra.
Qed.

(** a < b for rationals, as a computation. *)
Definition below (a b : Q) : bool := negb (Qle_bool b a).

(** The strict order is decided by computation. *)
Lemma QR_lt : forall a b, below a b = true -> QR a < QR b.
Proof.
  intros a b H; unfold below in H; apply negb_true_iff in H.
  assert (Hlt : (Qnum a * Zpos (Qden b) < Qnum b * Zpos (Qden a))%Z).
  { unfold Qle_bool in H; apply Z.leb_gt in H; exact H. }
  apply IZR_lt in Hlt; rewrite !mult_IZR in Hlt; rewrite !QR_quotient.
  apply Rmult_lt_reg_r with (IZR (Zpos (Qden a)) * IZR (Zpos (Qden b)));
    [apply Rmult_lt_0_compat; auto|].
  field_simplify; auto; lra.
Qed.

(** Sums of rationals are those of the reals. *)
Lemma QR_plus : forall a b, QR (a + b) = QR a + QR b.
Proof.
  intros; rewrite !QR_quotient; simpl; rewrite plus_IZR, !mult_IZR, Pos2Z.inj_mul, mult_IZR.
  field; auto.
Qed.

(** Products. *)
Lemma QR_mult : forall a b, QR (a * b) = QR a * QR b.
Proof.
  intros; rewrite !QR_quotient; simpl; rewrite mult_IZR, Pos2Z.inj_mul, mult_IZR.
  field; auto.
Qed.

(** Opposites. *)
Lemma QR_opp : forall a, QR (- a) = - QR a.
Proof. intros; rewrite !QR_quotient; simpl; rewrite opp_IZR; field; auto. Qed.

(** Equal rationals are equal reals. *)
Lemma QR_eq : forall a b, Qeq_bool a b = true -> QR a = QR b.
Proof.
  intros a b H; apply Qeq_bool_iff in H.
  apply Rle_antisym; apply QR_le, Qle_bool_iff; rewrite H; apply Qle_refl.
Qed.

(** Squaring a rational squares the real. *)
Definition square (a : Q) : Q := (a * a)%Q.

(** The square of a rational is that of the real. *)
Lemma QR_square : forall a, QR (square a) = QR a ^ 2.
Proof. intros; unfold square; rewrite QR_mult; ring. Qed.

(** Squaring keeps the order of nonnegative numbers. *)
Lemma square_le : forall a b, 0 <= a <= b -> a ^ 2 <= b ^ 2.
Proof. intros; simpl; rewrite !Rmult_1_r; apply Rmult_le_compat; lra. Qed.

(** The same, strictly. *)
Lemma square_lt : forall a b, 0 <= a < b -> a ^ 2 < b ^ 2.
Proof. intros; simpl; rewrite !Rmult_1_r; apply Rmult_le_0_lt_compat; lra. Qed.

(** A constant denotes its real number. *)
Lemma rvalue_constant : forall c x, rvalue (constant c) x = QR c.
Proof. intros; unfold rvalue; simpl; rewrite QR_quotient; field; auto. Qed.

(** The constant 1. *)
Lemma rvalue_one : forall x, rvalue one x = 1.
Proof. intros; unfold rvalue; simpl; field. Qed.

(** The variable. *)
Lemma rvalue_variable : forall x, rvalue variable x = x.
Proof. intros; unfold rvalue; simpl; field. Qed.

(** Sums. *)
Lemma rvalue_add : forall r s x, rvalue (radd r s) x = rvalue r x + rvalue s x.
Proof.
  intros; unfold rvalue; simpl; rewrite value_add, !value_scale, Pos2Z.inj_mul, mult_IZR.
  field; auto.
Qed.

(** Opposites. *)
Lemma rvalue_opp : forall r x, rvalue (ropp r) x = - rvalue r x.
Proof. intros; unfold rvalue; simpl; rewrite value_scale; field; auto. Qed.

(** Differences. *)
Lemma rvalue_sub : forall r s x, rvalue (rsub r s) x = rvalue r x - rvalue s x.
Proof. intros; unfold rsub; rewrite rvalue_add, rvalue_opp; ring. Qed.

(** Products. *)
Lemma rvalue_mul : forall r s x, rvalue (rmul r s) x = rvalue r x * rvalue s x.
Proof.
  intros; unfold rvalue; simpl; rewrite value_mul, Pos2Z.inj_mul, mult_IZR; field; auto.
Qed.

(** x · r(x²). *)
Lemma rvalue_odd : forall r x, rvalue (rodd r) x = x * rvalue r (x ^ 2).
Proof. intros; unfold rvalue; simpl; rewrite value_odd; unfold Rdiv; simpl; ring. Qed.

(** Lowest terms denote the same function. *)
Lemma rvalue_lowest : forall r x, rvalue (lowest r) x = rvalue r x.
Proof.
  intros [p d] x; unfold lowest; simpl top; simpl bottom.
  destruct (fold_right Z.gcd (Zpos d) p) as [|g|g]; try reflexivity.
  destruct (forallb _ (Zpos d :: p)) eqn:E; [|reflexivity].
  cbn [forallb] in E; apply andb_true_iff in E as [Ed Ep]; apply Z.eqb_eq in Ed.
  assert (Hd : Zpos (Z.to_pos (Zpos d / Zpos g)) = (Zpos d / Zpos g)%Z).
  { apply Z2Pos.id; clear Ep; set (q := (Zpos d / Zpos g)%Z) in *; clearbody q; nia. }
  unfold rvalue; simpl top; simpl bottom; rewrite Hd.
  assert (Hp : value p x = IZR (Zpos g) * value (map (fun c => Z.div c (Zpos g)) p) x).
  { clear - Ep; induction p as [|c p IH]; cbn [forallb map value] in *; [ring|].
    apply andb_true_iff in Ep as [Ec Ep]; apply Z.eqb_eq in Ec.
    assert (Hc : IZR c = IZR (Zpos g) * IZR (c / Zpos g)) by (rewrite <- mult_IZR, Ec; ring).
    rewrite (IH Ep), Hc; ring. }
  assert (Hb : IZR (Zpos d) = IZR (Zpos g) * IZR (Zpos d / Zpos g)).
  { rewrite <- mult_IZR, Ed; ring. }
  rewrite Hp, Hb, <- Hd; field; auto.
Qed.

(** So does the reduced polynomial. *)
Lemma rvalue_reduce : forall r x, rvalue (reduce r) x = rvalue r x.
Proof.
  intros r x; unfold reduce; rewrite rvalue_lowest; unfold rvalue; simpl.
  rewrite value_trim; reflexivity.
Qed.

(** The formal derivative of a rational polynomial is its derivative. *)
Lemma rvalue_derivative : forall r x,
  derivable_pt_lim (rvalue r) x (rvalue (rderivative r) x).
Proof.
  intros r x; unfold rvalue, Rdiv; simpl.
  replace (value (derivative (top r)) x * / IZR (Zpos (bottom r)))
    with (value (derivative (top r)) x * / IZR (Zpos (bottom r)) + value (top r) x * 0) by ring.
  apply (derivable_pt_lim_mult (value (top r)) (fct_cte (/ IZR (Zpos (bottom r))))).
  - apply value_derivative.
  - apply derivable_pt_lim_const.
Qed.

(** Rational polynomials are continuous. *)
Lemma rvalue_continuous : forall r, continuity (rvalue r).
Proof.
  intros r x; apply derivable_continuous_pt.
  exists (rvalue (rderivative r) x); apply rvalue_derivative.
Qed.
