(** * Polynomials in several variables that compute

    A polynomial in n + 1 variables is the list of its coefficients, lowest
    power of the first variable first; they are polynomials in the n others.
    Over a positive denominator it has rational coefficients. A point is the
    list of its coordinates. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial.
Import ListNotations.
Local Open Scope R_scope.

(** ** Integer coefficients *)

Fixpoint mpoly (n : nat) : Type := match n with O => Z | S n' => list (mpoly n') end.

Fixpoint horner (p : list R) (x : R) : R :=
  match p with [] => 0 | c :: q => c + x * horner q x end.

(** The real function that a polynomial denotes. *)
Fixpoint mvalue (n : nat) : mpoly n -> list R -> R :=
  match n with
  | O => fun c _ => IZR c
  | S n' => fun p v => horner (map (fun c => mvalue n' c (tl v)) p) (hd 0 v)
  end.

Definition mzero (n : nat) : mpoly n := match n with O => 0%Z | S _ => [] end.
Fixpoint mconstant (n : nat) (k : Z) : mpoly n :=
  match n with O => k | S n' => [mconstant n' k] end.

(** Entry by entry; the longer list keeps its tail. *)
Fixpoint merge {A : Type} (plus : A -> A -> A) (p q : list A) : list A :=
  match p, q with
  | [], _ => q
  | _, [] => p
  | a :: p', b :: q' => plus a b :: merge plus p' q'
  end.

Fixpoint madd (n : nat) : mpoly n -> mpoly n -> mpoly n :=
  match n with O => Z.add | S n' => merge (madd n') end.
Fixpoint mscale (n : nat) (k : Z) : mpoly n -> mpoly n :=
  match n with O => Z.mul k | S n' => map (mscale n' k) end.

Fixpoint convolve {A : Type} (zero : A) (plus times : A -> A -> A) (p q : list A) : list A :=
  match p with
  | [] => []
  | a :: p' => merge plus (map (times a) q) (zero :: convolve zero plus times p' q)
  end.

Fixpoint mmul (n : nat) : mpoly n -> mpoly n -> mpoly n :=
  match n with O => Z.mul | S n' => convolve (mzero n') (madd n') (mmul n') end.

(** The value of a polynomial, coefficient by coefficient. *)
Lemma mvalue_cons : forall n (c : mpoly n) (p : mpoly (S n)) y v,
  mvalue (S n) (c :: p) (y :: v) = mvalue n c v + y * mvalue (S n) p (y :: v).
Proof. reflexivity. Qed.

(** Zero. *)
Lemma mvalue_zero : forall n v, mvalue n (mzero n) v = 0.
Proof. intros [|n] v; reflexivity. Qed.

(** Constants. *)
Lemma mvalue_constant : forall n k v, mvalue n (mconstant n k) v = IZR k.
Proof. induction n as [|n IH]; intros k v; simpl; [reflexivity|]; rewrite IH; ring. Qed.

(** Sums. *)
Lemma mvalue_add : forall n p q v, mvalue n (madd n p q) v = mvalue n p v + mvalue n q v.
Proof.
  induction n as [|n IH]; intros p q v; simpl; [apply plus_IZR|].
  revert q; induction p as [|a p IHp]; intros [|b q]; simpl; try ring.
  rewrite IH, IHp; ring.
Qed.

(** Integer multiples. *)
Lemma mvalue_scale : forall n k p v, mvalue n (mscale n k p) v = IZR k * mvalue n p v.
Proof.
  induction n as [|n IH]; intros k p v; simpl; [apply mult_IZR|].
  induction p as [|a p IHp]; simpl; [ring|]; rewrite IH, IHp; ring.
Qed.

(** Products. *)
Lemma mvalue_mul : forall n p q v, mvalue n (mmul n p q) v = mvalue n p v * mvalue n q v.
Proof.
  induction n as [|n IH]; intros p q v; [apply mult_IZR|].
  induction p as [|a p IHp]; [simpl; ring|].
  change (mmul (S n) (a :: p) q)
    with (madd (S n) (map (mmul n a) q) (mzero n :: mmul (S n) p q)).
  rewrite mvalue_add; simpl in *; rewrite IHp, mvalue_zero.
  replace (horner (map (fun c => mvalue n c (tl v)) (map (mmul n a) q)) (hd 0 v))
    with (mvalue n a (tl v) * horner (map (fun c => mvalue n c (tl v)) q) (hd 0 v)); [ring|].
  clear IHp; induction q as [|b q IHq]; simpl; [ring|]; rewrite IH, <- IHq; ring.
Qed.

(** ** Tests *)

Fixpoint all2 {A : Type} (same : A -> A -> bool) (p q : list A) : bool :=
  match p, q with
  | [], [] => true
  | a :: p', b :: q' => same a b && all2 same p' q'
  | _, _ => false
  end.
Fixpoint msame (n : nat) : mpoly n -> mpoly n -> bool :=
  match n with O => Z.eqb | S n' => all2 (msame n') end.
Fixpoint mvanishes (n : nat) : mpoly n -> bool :=
  match n with O => fun c => Z.eqb c 0 | S n' => forallb (mvanishes n') end.

(** Equal lists denote equal functions. *)
Lemma msame_sound : forall n p q v, msame n p q = true -> mvalue n p v = mvalue n q v.
Proof.
  induction n as [|n IH]; intros p q v H; simpl in *.
  - apply Z.eqb_eq in H; rewrite H; reflexivity.
  - revert q H; induction p as [|a p IHp]; intros [|b q] H; try discriminate; [reflexivity|].
    simpl in *; apply andb_true_iff in H as [Ha Hp]; rewrite (IH a b _ Ha), (IHp q Hp); reflexivity.
Qed.

(** No coefficient but 0: the function is 0. *)
Lemma mvanishes_sound : forall n p v, mvanishes n p = true -> mvalue n p v = 0.
Proof.
  induction n as [|n IH]; intros p v H; simpl in *.
  - apply Z.eqb_eq in H; rewrite H; reflexivity.
  - induction p as [|a p IHp]; [reflexivity|]; simpl in *.
    apply andb_true_iff in H as [Ha Hp]; rewrite (IH a _ Ha), (IHp Hp); ring.
Qed.

(** ** Derivatives *)

(** In the first variable, from (c + x q)' = q + x q'. *)
Fixpoint mderivative (n : nat) (p : mpoly (S n)) : mpoly (S n) :=
  match p with [] => [] | _ :: q => madd (S n) q (mzero n :: mderivative n q) end.

(** The formal derivative is the derivative. *)
Lemma mvalue_derivative : forall n p y v,
  derivable_pt_lim (fun y => mvalue (S n) p (y :: v)) y (mvalue (S n) (mderivative n p) (y :: v)).
Proof.
  intros n p y v; induction p as [|c p IH].
  - apply (derivable_pt_lim_const 0).
  - change (mderivative n (c :: p)) with (madd (S n) p (mzero n :: mderivative n p)).
    rewrite mvalue_add, mvalue_cons, mvalue_zero.
    replace (mvalue (S n) p (y :: v) + (0 + y * mvalue (S n) (mderivative n p) (y :: v)))
      with (0 + (1 * mvalue (S n) p (y :: v) + y * mvalue (S n) (mderivative n p) (y :: v))) by ring.
    apply (derivable_pt_lim_plus (fct_cte (mvalue n c v)) (mult_fct id (fun y => mvalue (S n) p (y :: v)))).
    + apply derivable_pt_lim_const.
    + apply derivable_pt_lim_mult; [apply derivable_pt_lim_id|exact IH].
Qed.

(** In the second variable: coefficient by coefficient. *)
Definition mderivative2 (n : nat) (p : mpoly (S (S n))) : mpoly (S (S n)) := map (mderivative n) p.

(** The formal derivative is the derivative. *)
Lemma mvalue_derivative2 : forall n p y a v,
  derivable_pt_lim (fun a => mvalue (S (S n)) p (y :: a :: v)) a
    (mvalue (S (S n)) (mderivative2 n p) (y :: a :: v)).
Proof.
  intros n p y a v; induction p as [|c p IH].
  - apply (derivable_pt_lim_const 0).
  - change (mderivative2 n (c :: p)) with (mderivative n c :: mderivative2 n p).
    rewrite mvalue_cons.
    apply (derivable_pt_lim_plus (fun a => mvalue (S n) c (a :: v))
             (mult_real_fct y (fun a => mvalue (S (S n)) p (y :: a :: v)))).
    + apply mvalue_derivative.
    + apply derivable_pt_lim_scal, IH.
Qed.

(** ** Rational coefficients *)

Record fraction (n : nat) := Frac { num : mpoly n; den : positive }.
Arguments Frac {n}. Arguments num {n}. Arguments den {n}.

Definition fvalue {n : nat} (p : fraction n) (v : list R) : R := mvalue n (num p) v / IZR (Zpos (den p)).

Definition fconstant (n : nat) (c : Q) : fraction n := Frac (mconstant n (Qnum c)) (Qden c).
Definition ffirst (n : nat) : fraction (S n) := @Frac (S n) [mzero n; mconstant n 1] 1.
Definition fadd {n : nat} (p q : fraction n) : fraction n :=
  if Pos.eqb (den p) (den q) then Frac (madd n (num p) (num q)) (den p)
  else Frac (madd n (mscale n (Zpos (den q)) (num p)) (mscale n (Zpos (den p)) (num q))) (den p * den q).
Definition fopp {n : nat} (p : fraction n) : fraction n := Frac (mscale n (-1) (num p)) (den p).
Definition fsub {n : nat} (p q : fraction n) : fraction n := fadd p (fopp q).
Definition fmul {n : nat} (p q : fraction n) : fraction n :=
  Frac (mmul n (num p) (num q)) (den p * den q).
Definition fderivative {n : nat} (p : fraction (S n)) : fraction (S n) :=
  @Frac (S n) (mderivative n (num p)) (den p).
Definition fderivative2 {n : nat} (p : fraction (S (S n))) : fraction (S (S n)) :=
  @Frac (S (S n)) (mderivative2 n (num p)) (den p).
Definition fvanishes {n : nat} (p : fraction n) : bool := mvanishes n (num p).

(** Constants. *)
Lemma fvalue_constant : forall n c v, fvalue (fconstant n c) v = QR c.
Proof. intros; unfold fvalue; simpl; rewrite mvalue_constant, QR_quotient; reflexivity. Qed.

(** The first variable. *)
Lemma fvalue_first : forall n y v, fvalue (ffirst n) (y :: v) = y.
Proof. intros; unfold fvalue, ffirst; simpl; rewrite mvalue_zero, mvalue_constant; field. Qed.

(** Sums. *)
Lemma fvalue_add : forall n (p q : fraction n) v, fvalue (fadd p q) v = fvalue p v + fvalue q v.
Proof.
  intros n p q v; unfold fvalue, fadd; destruct (Pos.eqb_spec (den p) (den q)) as [E|_]; cbn [num den].
  - rewrite mvalue_add, E; field; auto.
  - rewrite mvalue_add, !mvalue_scale, Pos2Z.inj_mul, mult_IZR; field; auto.
Qed.

(** Opposites. *)
Lemma fvalue_opp : forall n (p : fraction n) v, fvalue (fopp p) v = - fvalue p v.
Proof. intros; unfold fvalue; cbn [num den fopp]; rewrite mvalue_scale; field; auto. Qed.

(** Differences. *)
Lemma fvalue_sub : forall n (p q : fraction n) v, fvalue (fsub p q) v = fvalue p v - fvalue q v.
Proof. intros; unfold fsub; rewrite fvalue_add, fvalue_opp; ring. Qed.

(** Products. *)
Lemma fvalue_mul : forall n (p q : fraction n) v, fvalue (fmul p q) v = fvalue p v * fvalue q v.
Proof.
  intros; unfold fvalue; cbn [num den fmul].
  rewrite mvalue_mul, Pos2Z.inj_mul, mult_IZR; field; auto.
Qed.

(** A function divided by a constant has its derivative divided by it. *)
Lemma derivative_over : forall h x d (k : positive), derivable_pt_lim h x d ->
  derivable_pt_lim (fun x => h x / IZR (Zpos k)) x (d / IZR (Zpos k)).
Proof.
  intros h x d k H; unfold Rdiv.
  replace (d * / IZR (Zpos k)) with (d * / IZR (Zpos k) + h x * 0) by ring.
  apply (derivable_pt_lim_mult h (fct_cte (/ IZR (Zpos k)))); [exact H|apply derivable_pt_lim_const].
Qed.

(** The derivative in the first variable. *)
Lemma fvalue_derivative : forall n (p : fraction (S n)) y v,
  derivable_pt_lim (fun y => fvalue p (y :: v)) y (fvalue (fderivative p) (y :: v)).
Proof. intros; apply derivative_over, mvalue_derivative. Qed.

(** In the second. *)
Lemma fvalue_derivative2 : forall n (p : fraction (S (S n))) y a v,
  derivable_pt_lim (fun a => fvalue p (y :: a :: v)) a (fvalue (fderivative2 p) (y :: a :: v)).
Proof. intros; apply derivative_over, mvalue_derivative2. Qed.

(** Continuity in the first variable. *)
Lemma fvalue_continuous : forall n (p : fraction (S n)) v, continuity (fun y => fvalue p (y :: v)).
Proof.
  intros n p v y; apply derivable_continuous_pt.
  exists (fvalue (fderivative p) (y :: v)); apply fvalue_derivative.
Qed.

(** Polynomials that vanish. *)
Lemma fvanishes_sound : forall n (p : fraction n) v, fvanishes p = true -> fvalue p v = 0.
Proof. intros n p v H; unfold fvalue; rewrite (mvanishes_sound n _ v H); field; auto. Qed.

(** ** Lowest terms *)

Fixpoint mgcd (n : nat) : mpoly n -> Z -> Z :=
  match n with O => Z.gcd | S n' => fun p d => fold_right (mgcd n') d p end.
Fixpoint mdivide (n : nat) (k : Z) : mpoly n -> mpoly n :=
  match n with O => fun c => Z.div c k | S n' => map (mdivide n' k) end.

(** Divided by the greatest common divisor, if the products come back. *)
Definition lower {n : nat} (p : fraction n) : fraction n :=
  let k := mgcd n (num p) (Zpos (den p)) in
  let q := Frac (mdivide n k (num p)) (Z.to_pos (Zpos (den p) / k)) in
  if Z.ltb 0 k && msame n (mscale n k (num q)) (num p) && Z.eqb (k * Zpos (den q)) (Zpos (den p))
  then q else p.

(** It denotes the same function. *)
Lemma fvalue_lower : forall n (p : fraction n) v, fvalue (lower p) v = fvalue p v.
Proof.
  intros n p v; unfold lower; set (k := mgcd n (num p) (Zpos (den p))).
  set (q := Frac (mdivide n k (num p)) (Z.to_pos (Zpos (den p) / k))).
  destruct (_ && _) eqn:H; [|reflexivity].
  apply andb_true_iff in H as [H Hd]; apply andb_true_iff in H as [Hk Hp].
  apply Z.ltb_lt, IZR_lt in Hk; apply Z.eqb_eq in Hd.
  pose proof (msame_sound n _ _ v Hp) as E; rewrite mvalue_scale in E.
  unfold fvalue; rewrite <- E, <- Hd, mult_IZR; field; split; auto; lra.
Qed.
