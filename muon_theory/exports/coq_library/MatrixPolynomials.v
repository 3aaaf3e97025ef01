(** * Polynomials of a matrix, and what remains of them beside it

    p(A) for p(y) = c1 y + c2 y² + …, its derivative in a direction E, and a bound
    of p(A + E) - p(A) - p'(A)[E]: all words with two or more factors E. *)

From Coq Require Import Reals List Lra Lia.
From MuonTheory Require Import Vectors Matrices.
Import ListNotations.
Local Open Scope R_scope.

(** ** Polynomials *)

(** p(y) = c1 y + c2 y² + …; p(y)/y; its divided difference, which for x = y is p'(y). *)
Fixpoint at_ (row : list R) (y : R) : R := match row with [] => 0 | c :: r => c * y + y * at_ r y end.
Fixpoint quotient (row : list R) (y : R) : R := match row with [] => 0 | c :: r => c + y * quotient r y end.
Fixpoint divided (row : list R) (x y : R) : R := match row with [] => 0 | c :: r => c + at_ r y + x * divided r x y end.

(** p(A), and its derivative at A in the direction E. *)
Fixpoint of_matrix (m : nat) (row : list R) (A : matrix) : matrix :=
  match row with [] => zero | c :: r => plus (scale c A) (times m A (of_matrix m r A)) end.
Fixpoint derivative (m : nat) (row : list R) (A E : matrix) : matrix :=
  match row with
  | [] => zero
  | c :: r => plus (plus (scale c E) (times m E (of_matrix m r A))) (times m A (derivative m r A E))
  end.

Lemma at_quotient : forall row y, at_ row y = y * quotient row y.
Proof. induction row as [|c r IH]; intros y; simpl; [ring|rewrite IH; ring]. Qed.
Lemma divided_difference : forall row x y, at_ row x - at_ row y = divided row x y * (x - y).
Proof.
  induction row as [|c r IH]; intros x y; simpl; [ring|].
  replace (c * x + x * at_ r x - (c * y + y * at_ r y)) with (c * (x - y) + x * (at_ r x - at_ r y) + at_ r y * (x - y)) by ring.
  rewrite IH; ring.
Qed.

Lemma of_matrix_commutes : forall m row A, times m (of_matrix m row A) A = times m A (of_matrix m row A).
Proof.
  intros m row A; induction row as [|c r IH]; simpl.
  - entrywise; apply sum_ext; intros; ring.
  - rewrite times_plus_left, times_plus_right, times_scale_left, times_scale_right, <- IH, <- !times_assoc, IH; reflexivity.
Qed.

(** ** What remains *)

(** The polynomial with the absolute values of the coefficients. *)
Definition absolute (row : list R) : list R := map Rabs row.
Definition difference (row : list R) (y e : R) : R := at_ (absolute row) (y + e) - at_ (absolute row) y.
Definition remainder (row : list R) (y e : R) : R := difference row y e - divided (absolute row) y y * e.

Section Remainder.

Variables (m : nat) (A E : matrix) (y e : R).
Hypothesis A_size : spectral m m A y.
Hypothesis E_size : norm m m E <= e.

Lemma sum_size : spectral m m (plus A E) (y + e).
Proof. apply spectral_plus; [exact A_size|]; apply spectral_le with (norm m m E); [apply spectral_norm|exact E_size]. Qed.

Lemma of_matrix_size : forall row B z, spectral m m B z -> spectral m m (of_matrix m row B) (at_ (absolute row) z).
Proof.
  induction row as [|c r IH]; intros B z H; simpl.
  - apply spectral_le with (norm m m zero); [apply spectral_norm|rewrite norm_zero; lra].
  - apply spectral_plus; [apply spectral_scale|apply spectral_times]; auto.
Qed.

Lemma difference_bound : forall row, norm m m (minus (of_matrix m row (plus A E)) (of_matrix m row A)) <= difference row y e.
Proof.
  unfold difference; induction row as [|c r IH]; simpl.
  - replace (minus zero zero) with zero by sums_of_matrices; rewrite norm_zero; lra.
  - set (P := of_matrix m r (plus A E)) in *; set (Q := of_matrix m r A) in *.
    replace (minus (plus (scale c (plus A E)) (times m (plus A E) P)) (plus (scale c A) (times m A Q)))
      with (plus (plus (scale c E) (times m A (minus P Q))) (times m E P)).
    2:{ unfold minus; rewrite times_plus_left, times_plus_right, times_scale_right; sums_of_matrices. }
    eapply Rle_trans; [apply norm_triangle|]; eapply Rle_trans; [apply Rplus_le_compat_r, norm_triangle|].
    rewrite norm_scale.
    pose proof (norm_spectral_left m m m A (minus P Q) y A_size) as N1.
    pose proof (norm_spectral_right m m m P E _ (of_matrix_size r (plus A E) (y + e) sum_size)) as N2; fold P in N2.
    destruct A_size as [Hy _]; pose proof (Rmult_le_compat_l _ _ _ Hy IH).
    destruct (of_matrix_size r (plus A E) (y + e) sum_size) as [Hp _].
    pose proof (Rmult_le_compat_l _ _ _ Hp E_size); pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos c) E_size); lra.
Qed.

Theorem remainder_bound : forall row,
  norm m m (minus (minus (of_matrix m row (plus A E)) (of_matrix m row A)) (derivative m row A E)) <= remainder row y e.
Proof.
  unfold remainder; induction row as [|c r IH].
  - unfold difference; simpl; replace (minus (minus zero zero) zero) with zero by sums_of_matrices; rewrite norm_zero; lra.
  - pose proof (difference_bound r) as D; unfold difference in *; simpl.
    set (P := of_matrix m r (plus A E)) in *; set (Q := of_matrix m r A) in *; set (d := derivative m r A E) in *.
    replace (minus (minus (plus (scale c (plus A E)) (times m (plus A E) P)) (plus (scale c A) (times m A Q)))
                   (plus (plus (scale c E) (times m E Q)) (times m A d)))
      with (plus (times m A (minus (minus P Q) d)) (times m E (minus P Q))).
    2:{ unfold minus; rewrite !times_plus_left, !times_plus_right, !times_scale_right; sums_of_matrices. }
    eapply Rle_trans; [apply norm_triangle|].
    pose proof (norm_spectral_left m m m A (minus (minus P Q) d) y A_size) as N1.
    pose proof (norm_times m m m E (minus P Q)) as N2.
    destruct A_size as [Hy _]; pose proof (Rmult_le_compat_l _ _ _ Hy IH).
    pose proof (Rmult_le_compat _ _ _ _ (norm_nonnegative m m E) (norm_nonnegative m m (minus P Q)) E_size D); lra.
Qed.

End Remainder.
