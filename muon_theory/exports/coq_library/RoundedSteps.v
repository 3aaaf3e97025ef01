(** * One step as it runs, and the numbers that bound it

    X is m × n, f(x) = a x + x p(x²). What runs is
      A = fl(X Xᵀ),  P = fl(p(A)) by Horner's rule,  Y = fl(a X + P X),
    each product with its sum stored once. The inequalities between the numbers of
    the bound are those of tier W in docs/precision.md, term by term. *)

From Coq Require Import Reals List.
From MuonTheory Require Import RoundedSums Vectors Matrices MatrixPolynomials RoundedProducts.
Import ListNotations.
Local Open Scope R_scope.

(** ** What runs *)

Section Runs.

Variables (ar : arithmetic) (Kn Km m n : nat).

(** p(A) is α P, for the last coefficient A itself: c; then each stage c A + A (α P), stored. *)
Inductive evaluated (A : matrix) : list R -> R -> matrix -> Prop :=
| last_coefficient : forall c, evaluated A [c] c A
| stage : forall c r α H C P, evaluated A r α H ->
    product ar Km m m m α A H c A C -> stored ar m m C P -> evaluated A (c :: r) 1 P.

(** A step: sums of X Xᵀ through at most Kn roundings, the others through at most Km. *)
Definition step_runs (a : R) (row : list R) (X Y : matrix) : Prop := exists A P α,
  (exists C, product ar Kn m n m 1 X (transpose X) 0 zero C /\ stored ar m m C A) /\
  evaluated A row α P /\
  (exists C, product ar Km m m n α P X a X C /\ stored ar m n C Y).

(** f(X). *)
Definition step (a : R) (row : list R) (X : matrix) : matrix :=
  plus (scale a X) (times m (of_matrix m row (times n X (transpose X))) X).

End Runs.

(** ** The numbers of the bound *)

(** Of a stage: bounds of |p(t)/t|, |p(t)| and |p[t, t']| on [0, s²], p the part of the polynomial so far; of ‖p(A)‖,
    of the stage's error and of the norm of what it stores. *)
Record stage_bound := Stage { ratio : R; value : R; slope : R; exact_norm : R; error : R; norm_of : R }.

(** The same of the step: e1, ‖A‖; the weight of e1 in p(A) X; |g|, |f|; ‖f(X)‖; (p(A) - p(A0)) X; e3. *)
Record step_bound := Step {
  e1 : R; A_norm : R; stages : list stage_bound; weight : R; inner : R;
  gain : R; image : R; image_norm : R; e3 : R; total : R }.

(** Where it runs: roundings of the two kinds of sums, Kn and Km ≤ Lm + 2, and the sizes; bounds of γ for the three,
    of √m, m and √(m n); s ≥ ‖X‖₂ and F ≥ ‖X‖. *)
Record setting := Setting {
  arithmetic_of : arithmetic; first_roundings : nat; roundings_of : nat; least_roundings : nat; rows : nat; columns : nat;
  first_gamma : R; gamma_of : R; least_gamma : R; rank : R; side : R; area : R; top : R; frobenius : R }.

Section Inequalities.

Variable c : setting.
Notation ar := (arithmetic_of c).
Notation Kn := (first_roundings c).
Notation Km := (roundings_of c).
Notation Lm := (least_roundings c).
Notation m := (rows c).
Notation n := (columns c).
Notation gn := (first_gamma c).
Notation γ := (gamma_of c).
Notation gl := (least_gamma c).
Notation s := (top c).
Notation F := (frobenius c).

Definition constants_hold : Prop :=
  sensible ar /\ (Km <= Lm + 2)%nat /\ gamma ar Kn <= gn /\ gamma ar Km <= γ /\ gamma ar Lm <= gl /\
  sqrt (INR m) <= rank c /\ INR m <= side c /\ sqrt (INR m * INR n) <= area c.

Notation γ' := (gamma_product ar γ).
Notation y := (s ^ 2).

(** min(a, b) ≤ x. *)
Definition least_below (a b x : R) : Prop := a <= x \/ b <= x.

(** What came before a stage: α, the error and the norm of H. *)
Definition before (A : R) (r : list R) (bs : list stage_bound) : R * R * R :=
  match bs with [] => (Rabs (hd 0 r), 0, A) | b :: _ => (1, error b, norm_of b) end.

(** A stage k y + y p(y), p the polynomial r, which was evaluated as α H with an error err, ‖H‖ ≤ size. *)
Definition stage_holds (e1 A k : R) (r : list R) (b : stage_bound) (α err size : R) : Prop :=
  (forall t, 0 <= t <= y -> Rabs (quotient (k :: r) t) <= ratio b) /\
  (forall t, 0 <= t <= y -> Rabs (at_ (k :: r) t) <= value b) /\
  (forall t t', 0 <= t <= y -> 0 <= t' <= y -> Rabs (divided (k :: r) t t') <= slope b) /\
  least_below (ratio b * (s * F)) (rank c * value b) (exact_norm b - (slope b * e1 + remainder (k :: r) y e1)) /\
  store ar (exact_norm b + (y + e1) * err) (γ' * α * (A * size) + γ * Rabs k * A +
    underflow ar gl (side c) m (Rmax α (Rabs k)) (Rmax A size)) + (y + e1) * err <= error b /\
  exact_norm b + error b <= norm_of b.

Fixpoint stages_hold (e1 A : R) (row : list R) (bs : list stage_bound) : Prop :=
  match row, bs with
  | [_], [] => True
  | k :: r, b :: bs' => match before A r bs' with (α, err, size) => stage_holds e1 A k r b α err size /\ stages_hold e1 A r bs' end
  | _, _ => False
  end.

Lemma stages_hold_cons : forall e1 A k r b bs, stages_hold e1 A (k :: r) (b :: bs) =
  match before A r bs with (α, err, size) => stage_holds e1 A k r b α err size /\ stages_hold e1 A r bs end.
Proof. intros e1 A k [|k' r] b bs; reflexivity. Qed.

Definition bound_holds (a : R) (row : list R) (b : step_bound) : Prop :=
  match before (A_norm b) row (stages b) with (α, e2, P) =>
  store ar (s * F) (gamma_product ar gn * F ^ 2) + underflow ar gn (side c) n 1 s <= e1 b /\
  s * F + e1 b <= A_norm b /\
  stages_hold (e1 b) (A_norm b) row (stages b) /\
  0 <= weight b /\
  (forall t t', 0 <= t <= y -> 0 <= t' <= y -> t' * divided row t t' ^ 2 <= weight b ^ 2) /\
  weight b * e1 b + s * remainder row y (e1 b) + s * e2 <= inner b /\
  (forall t, 0 <= t <= y -> Rabs (a + at_ row t) <= gain b) /\
  0 <= image b /\
  (forall t, 0 <= t <= y -> t * (a + at_ row t) ^ 2 <= image b ^ 2) /\
  least_below (gain b * F) (rank c * image b) (image_norm b) /\
  store ar (image_norm b + inner b)
    (γ' * α * (P * F) + γ * Rabs a * F + underflow ar gl (area c) m (Rmax α (Rabs a)) (Rmax P s)) <= e3 b /\
  inner b + e3 b <= total b end.

End Inequalities.
