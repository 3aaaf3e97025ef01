(** * Families: coefficients that are polynomials in parameters

    A polynomial in the parameters is a list of monomials (c, [i; j; ...]),
    each c a^i b^j ... An instance writes it, and the step made of several, out
    over the reals; [sum_text] and [family_text] produce that text from the
    list, so that reading the two as equal is mere computation. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Several.
Import ListNotations.
Local Open Scope R_scope.

Definition monomial := (Q * list nat)%type.

(** ** As computing polynomials *)

(** The product of the powers. *)
Fixpoint powers (n : nat) (es : list nat) : mpoly n :=
  match n with
  | O => 1%Z
  | S n' => repeat (mzero n') (hd 0%nat es) ++ [powers n' (tl es)]
  end.

(** The sum; lowest terms are sought only where the denominators differ. *)
Definition plus {n : nat} (p q : fraction n) : fraction n :=
  if Pos.eqb (den p) (den q) then fadd p q else lower (fadd p q).

(** The sum of the monomials. *)
Fixpoint sum_of (n : nat) (ms : list monomial) : fraction n :=
  match ms with
  | [] => fconstant n 0
  | (c, es) :: ms' => plus (Frac (mscale n (Qnum c) (powers n es)) (Qden c)) (sum_of n ms')
  end.

(** A polynomial in the parameters as one in y and the parameters. *)
Definition lift {n : nat} (p : fraction n) : fraction (S n) := @Frac (S n) [num p] (den p).

(** g(y) = c1 + c3 y + c5 y² + ... *)
Fixpoint even_of (n : nat) (rows : list (list monomial)) : fraction (S n) :=
  match rows with
  | [] => fconstant (S n) 0
  | ms :: rows' => lower (fadd (lift (sum_of n ms)) (fmul (ffirst n) (even_of n rows')))
  end.

(** ** As text *)

(** The powers, those with exponent 0 left out, after what stands before them. *)
Fixpoint factors (before : option R) (es : list nat) (v : list R) : option R :=
  match es, v with
  | e :: es', x :: v' =>
      let power := match e with O => None | 1%nat => Some x | _ => Some (x ^ e) end in
      factors match before, power with
              | Some b, Some p => Some (b * p)
              | None, p => p
              | b, None => b
              end es' v'
  | _, _ => before
  end.

Definition or_one (r : option R) : R := match r with Some x => x | None => 1 end.

(** The coefficient 1 is not written before a power. *)
Definition monomial_text (c : Q) (es : list nat) (v : list R) : R :=
  or_one match Qnum c, Qden c with
         | 1%Z, 1%positive => factors None es v
         | _, _ => factors (Some (QR c)) es v
         end.

Fixpoint more_text (sum : R) (ms : list monomial) (v : list R) : R :=
  match ms with
  | [] => sum
  | (c, es) :: ms' =>
      more_text match Qnum c with
                | Zneg k => sum - monomial_text (Zpos k # Qden c) es v
                | _ => sum + monomial_text c es v
                end ms' v
  end.
Definition sum_text (ms : list monomial) (v : list R) : R :=
  match ms with [] => 0 | (c, es) :: ms' => more_text (monomial_text c es v) ms' v end.

Fixpoint terms_text (sum : R) (k : nat) (rows : list (list monomial)) (v : list R) (x : R) : R :=
  match rows with
  | [] => sum
  | ms :: rows' => terms_text (sum + sum_text ms v * x ^ k) (S (S k)) rows' v x
  end.
Definition family_text (rows : list (list monomial)) (v : list R) (x : R) : R :=
  match rows with [] => 0 | ms :: rows' => terms_text (sum_text ms v * x) 3 rows' v x end.

(** ** They agree *)

(** Leading zeros shift by powers of the first variable. *)
Lemma mvalue_shift : forall n e (p : mpoly (S n)) x v,
  mvalue (S n) (repeat (mzero n) e ++ p : mpoly (S n)) (x :: v) = x ^ e * mvalue (S n) p (x :: v).
Proof.
  intros n e p x v; induction e as [|e IH]; [simpl; ring|].
  change (repeat (mzero n) (S e) ++ p) with (mzero n :: (repeat (mzero n) e ++ p)).
  rewrite (mvalue_cons n (mzero n)), mvalue_zero, IH; simpl; ring.
Qed.

(** A product of powers. *)
Lemma factors_value : forall v es before,
  or_one (factors before es v) = or_one before * mvalue (length v) (powers (length v) es) v.
Proof.
  induction v as [|x v IH]; intros es before.
  - replace (factors before es []) with before by (destruct es; reflexivity); simpl; ring.
  - cbn [length powers]; rewrite mvalue_shift, mvalue_cons.
    destruct es as [|e es].
    + specialize (IH [] before); replace (factors before [] v) with before in IH by (destruct v; reflexivity).
      cbn [factors hd tl pow]; rewrite IH at 1; simpl; ring.
    + cbn [factors hd tl]; rewrite IH.
      destruct before, e as [|[|e]]; cbn [or_one]; simpl; ring.
Qed.

(** One monomial. *)
Lemma monomial_value : forall c es v,
  monomial_text c es v = QR c * mvalue (length v) (powers (length v) es) v.
Proof.
  intros c es v; unfold monomial_text.
  assert (G : or_one (factors (Some (QR c)) es v) = QR c * mvalue (length v) (powers (length v) es) v)
    by apply factors_value.
  destruct c as [[|[k|k|]|k] [d|d|]]; cbn [Qnum Qden]; try exact G.
  rewrite factors_value; unfold QR; reflexivity.
Qed.

(** It is the sum. *)
Lemma fvalue_plus : forall n (p q : fraction n) v, fvalue (plus p q) v = fvalue p v + fvalue q v.
Proof. intros; unfold plus; destruct (Pos.eqb _ _); rewrite ?fvalue_lower; apply fvalue_add. Qed.

(** A negative coefficient, written with a minus sign. *)
Lemma more_value : forall ms sum v,
  more_text sum ms v = sum + fvalue (sum_of (length v) ms) v.
Proof.
  induction ms as [|[c es] ms IH]; intros sum v; cbn [more_text sum_of].
  - rewrite fvalue_constant; unfold QR; simpl; ring.
  - rewrite IH, fvalue_plus.
    replace (fvalue (Frac (mscale (length v) (Qnum c) (powers (length v) es)) (Qden c)) v)
      with (QR c * mvalue (length v) (powers (length v) es) v)
      by (unfold fvalue; cbn [num den]; rewrite mvalue_scale, QR_quotient; field; auto).
    destruct c as [[|k|k] d]; cbn [Qnum Qden]; rewrite monomial_value; try ring.
    replace (QR (Zneg k # d)) with (- QR (Zpos k # d)) by (rewrite <- QR_opp; reflexivity); ring.
Qed.

(** The sum. *)
Lemma sum_value : forall ms v, sum_text ms v = fvalue (sum_of (length v) ms) v.
Proof.
  intros [|[c es] ms] v.
  - simpl; rewrite fvalue_constant; reflexivity.
  - rewrite <- (Rplus_0_l (fvalue _ v)), <- more_value.
    cbn [more_text sum_text]; rewrite !more_value, (monomial_value c).
    destruct c as [[|k|k] d]; cbn [Qnum Qden]; rewrite ?monomial_value; try ring.
    replace (QR (Zneg k # d)) with (- QR (Zpos k # d)) by (rewrite <- QR_opp; reflexivity); ring.
Qed.

(** A lifted polynomial does not depend on y. *)
Lemma fvalue_lift : forall n (p : fraction n) y v, fvalue (lift p) (y :: v) = fvalue p v.
Proof.
  intros; unfold fvalue, lift; cbn [num den]; rewrite mvalue_cons.
  change (mvalue (S n) [] (y :: v)) with 0; f_equal; ring.
Qed.

(** Horner's scheme for g. *)
Lemma even_of_cons : forall n ms rows y v,
  fvalue (even_of n (ms :: rows)) (y :: v) = fvalue (sum_of n ms) v + y * fvalue (even_of n rows) (y :: v).
Proof.
  intros; cbn [even_of]; rewrite fvalue_lower, fvalue_add, fvalue_mul, fvalue_lift, fvalue_first.
  reflexivity.
Qed.

(** f(x) = x g(x²). *)
Theorem family_value : forall rows v x,
  family_text rows v x = x * fvalue (even_of (length v) rows) (x ^ 2 :: v).
Proof.
  assert (T : forall rows v x sum k, terms_text sum k rows v x
    = sum + x ^ k * fvalue (even_of (length v) rows) (x ^ 2 :: v)).
  { induction rows as [|ms rows IH]; intros v x sum k; cbn [terms_text].
    - cbn [even_of]; rewrite fvalue_constant; unfold QR; simpl; ring.
    - rewrite IH, even_of_cons, sum_value.
      replace (x ^ S (S k)) with (x ^ k * x ^ 2) by (simpl; ring); ring. }
  intros [|ms rows] v x; cbn [family_text].
  - cbn [even_of]; rewrite fvalue_constant; unfold QR; simpl; ring.
  - rewrite T, even_of_cons, sum_value; ring.
Qed.
