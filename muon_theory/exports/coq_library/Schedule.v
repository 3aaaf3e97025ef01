(** * Rows, steps and their composition

    A row (c1, c3, c5, ...) stands for the odd polynomial
    f(x) = c1 x + c3 x^3 + c5 x^5 + ... = x g(x²), g(y) = c1 + c3 y + c5 y² + ...
    An instance writes its steps out over the reals; [written] produces that
    text from the row, so that reading the two as equal is mere computation. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Bernstein.
Import ListNotations.
Local Open Scope R_scope.

Definition row := list Q.

(** g as a rational polynomial in y. *)
Fixpoint even_part_raw (r : row) : rpoly :=
  match r with
  | [] => constant 0
  | c :: r' => radd (constant c) (rmul variable (even_part_raw r'))
  end.
Definition even_part (r : row) : rpoly := reduce (even_part_raw r).

(** f as a rational polynomial in x. *)
Definition odd_part (r : row) : rpoly := rodd (even_part r).

(** f' as a polynomial in y = x²: d(y) = g(y) + 2 y g'(y) = Σ (2i + 1) c_i y^i. *)
Definition slope_part (r : row) : rpoly :=
  radd (even_part r) (rmul (rmul (constant 2) variable) (rderivative (even_part r))).

(** The step as a person writes it: signs between the terms, no zero terms. *)
Fixpoint written_from (sum : R) (k : nat) (r : row) (x : R) : R :=
  match r with
  | [] => sum
  | c :: r' =>
      written_from
        match Qnum c with
        | Z0 => sum
        | Zpos _ => sum + QR c * x ^ k
        | Zneg n => sum - QR (Zpos n # Qden c) * x ^ k
        end (S (S k)) r' x
  end.
Definition written (r : row) (x : R) : R :=
  match r with [] => 0 | c :: r' => written_from (QR c * x) 3 r' x end.

(** Horner's scheme for g. *)
Lemma even_part_cons : forall c r y,
  rvalue (even_part (c :: r)) y = QR c + y * rvalue (even_part r) y.
Proof.
  intros; unfold even_part; rewrite !rvalue_reduce; simpl.
  rewrite rvalue_add, rvalue_mul, rvalue_constant, rvalue_variable; reflexivity.
Qed.

(** One term of the sum, whatever its sign. *)
Lemma written_term : forall c sum m,
  match Qnum c with
  | Z0 => sum
  | Zpos _ => sum + QR c * m
  | Zneg n => sum - QR (Zpos n # Qden c) * m
  end = sum + QR c * m.
Proof.
  intros [[|n|n] d] sum m; simpl; rewrite ?QR_quotient; simpl; [|reflexivity|].
  - field; auto.
  - replace (IZR (Zneg n)) with (- IZR (Zpos n)) by (rewrite <- opp_IZR; reflexivity).
    field; auto.
Qed.

(** What the rest of the terms adds. *)
Lemma written_from_value : forall r sum k x,
  written_from sum k r x = sum + x ^ k * rvalue (even_part r) (x ^ 2).
Proof.
  induction r as [|c r IH]; intros sum k x; cbn [written_from].
  - replace (rvalue (even_part []) (x ^ 2)) with 0; [ring|].
    unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant.
    unfold QR; simpl; reflexivity.
  - rewrite IH, written_term, even_part_cons.
    replace (x ^ S (S k)) with (x ^ k * x ^ 2) by (simpl; ring); ring.
Qed.

(** f(x) = x g(x²). *)
Lemma written_value : forall r x, written r x = x * rvalue (even_part r) (x ^ 2).
Proof.
  intros [|c r] x; unfold written.
  - replace (rvalue (even_part []) (x ^ 2)) with 0; [ring|].
    unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant.
    unfold QR; simpl; reflexivity.
  - rewrite written_from_value, even_part_cons; ring.
Qed.

(** f(x) through its polynomial in x. *)
Lemma odd_part_value : forall r x, rvalue (odd_part r) x = written r x.
Proof. intros; unfold odd_part; rewrite rvalue_odd, written_value; reflexivity. Qed.

(** ** Schedules *)

(** f_T ( ... f_2 (f_1 x)). *)
Fixpoint run (steps : list (R -> R)) (x : R) : R :=
  match steps with [] => x | f :: steps' => run steps' (f x) end.

(** The functions of an instance are those of its rows, one by one. *)
Fixpoint steps_of {row : Type} (is_of : (R -> R) -> row -> Prop) (steps : list (R -> R)) (rows : list row) : Prop :=
  match steps, rows with
  | [], [] => True
  | f :: steps', r :: rows' => is_of f r /\ steps_of is_of steps' rows'
  | _, _ => False
  end.

Definition is_written (f : R -> R) (r : row) : Prop := forall x, f x = written r x.
Notation written_as := (steps_of is_written).

(** A step repeated is of the row repeated. *)
Lemma steps_of_repeat : forall (row : Type) (is_of : (R -> R) -> row -> Prop) f r k, is_of f r -> steps_of is_of (repeat f k) (repeat r k).
Proof. intros row is_of f r k Hf; induction k; simpl; auto. Qed.

(** A function that agrees with a continuous one is continuous. *)
Lemma continuity_ext : forall f g, (forall x, f x = g x) -> continuity g -> continuity f.
Proof.
  intros f g E H x eps He; destruct (H x eps He) as [d [Hd Hn]]; exists d; split; [exact Hd|].
  intros y Hy; rewrite !E; exact (Hn y Hy).
Qed.

(** A step is continuous. *)
Lemma step_continuous : forall r f, (forall x, f x = written r x) -> continuity f.
Proof.
  intros r f Hf; apply continuity_ext with (rvalue (odd_part r)); [|apply rvalue_continuous].
  intros x; rewrite odd_part_value; apply Hf.
Qed.

(** So is the composition of a schedule's steps. *)
Lemma run_continuous : forall rows fs, written_as fs rows -> continuity (run fs).
Proof.
  induction rows as [|r rows IH]; intros [|f fs] Hw; try contradiction.
  - intros x; apply derivable_continuous_pt, derivable_pt_id.
  - destruct Hw as [Hf Hw]; intros x; apply (continuity_pt_comp f (run fs)).
    + apply (step_continuous r f Hf).
    + apply (IH fs Hw).
Qed.

(** Each equation holds by computation; nothing is searched for. *)
Ltac by_writing :=
  lazymatch goal with
  | |- True => exact I
  | |- _ /\ _ => split; by_writing
  | |- forall x, _ = _ => exact (fun x => eq_refl)
  | |- forall a x, _ = _ => exact (fun a x => eq_refl)
  | |- _ => progress hnf; by_writing
  end.

(** A test that succeeds, computed once, when the proof is closed. *)
Ltac by_computing := vm_cast_no_check (eq_refl true).

(** ** Intervals *)

Definition interval := (Q * Q)%type.

Definition inside (i : interval) (x : R) : Prop := QR (fst i) <= x <= QR (snd i).

(** Where something is asked for, only what has it is meant. *)
Definition where_asked {A : Type} (asks : A -> Prop) (asked : option A) (P : Prop) : Prop :=
  match asked with None => P | Some a => asks a -> P end.
Lemma if_asked : forall (A : Type) (asks : A -> Prop) asked (P : Prop),
  (match asked with None => True | Some a => asks a end -> P) -> where_asked asks asked P.
Proof. intros A asks [a|] P H; [exact H|exact (H Logic.I)]. Qed.

Definition within (i j : interval) : bool :=
  Qle_bool (fst j) (fst i) && Qle_bool (snd i) (snd j).

(** i ⊆ j is decided on the end points. *)
Lemma within_sound : forall i j x, within i j = true -> inside i x -> inside j x.
Proof.
  unfold inside; intros i j x H Hx; apply andb_true_iff in H as [H1 H2].
  apply QR_le in H1; apply QR_le in H2; lra.
Qed.
