(** * slope, fixes, attracts, repels: what happens at one point

    The derivative of f(x) = x g(x²) is d(x²) with d(y) = g(y) + 2 y g'(y), so
    |f'| < 1 and |f'| > 1 are signs of polynomials in y. A fixed point is
    either rational, or the only one in a rational bracket. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Bernstein Schedule Bands.
Import ListNotations.
Local Open Scope R_scope.

(** ** Derivatives *)

(** Functions that agree everywhere have the same derivative. *)
Lemma derivative_ext : forall f g x d, (forall x, f x = g x) ->
  derivable_pt_lim g x d -> derivable_pt_lim f x d.
Proof.
  intros f g x d E H eps He; destruct (H eps He) as [delta Hd].
  exists delta; intros h; rewrite !E; apply Hd.
Qed.

(** f'(x) = d(x²). *)
Lemma step_derivative : forall r f x, (forall x, f x = written r x) ->
  derivable_pt_lim f x (rvalue (slope_part r) (x ^ 2)).
Proof.
  intros r f x Hf; unfold slope_part; set (g := even_part r).
  rewrite rvalue_add, !rvalue_mul, rvalue_constant, rvalue_variable.
  apply derivative_ext with (mult_fct id (comp (rvalue g) (fun x => x ^ 2))).
  - intros z; rewrite Hf, written_value; reflexivity.
  - replace (rvalue g (x ^ 2) + QR 2 * x ^ 2 * rvalue (rderivative g) (x ^ 2))
      with (1 * comp (rvalue g) (fun x => x ^ 2) x + id x * (rvalue (rderivative g) (x ^ 2) * (INR 2 * x ^ 1)))
      by (unfold QR, id, comp; simpl; ring).
    apply (derivable_pt_lim_mult id); [apply derivable_pt_lim_id|].
    apply (derivable_pt_lim_comp (fun x => x ^ 2) (rvalue g)).
    + apply derivable_pt_lim_pow.
    + apply rvalue_derivative.
Qed.

(** A polynomial with negative derivative on [a, b] decreases strictly there. *)
Lemma decreasing : forall g a b,
  (forall c, a <= c <= b -> rvalue (rderivative g) c < 0) ->
  forall x y, a <= x -> x < y -> y <= b -> rvalue g y < rvalue g x.
Proof.
  intros g a b Hd x y Ha Hxy Hb.
  destruct (MVT_cor2 (rvalue g) (rvalue (rderivative g)) x y Hxy) as [c [E Hc]].
  { intros; apply rvalue_derivative. }
  pose proof (Hd c ltac:(lra)); nra.
Qed.

(** ** slope *)

Fixpoint slopes (rows : list row) : Q :=
  match rows with [] => 1%Q | r :: rows' => (slopes rows' * hd 0%Q r)%Q end.

(** d(0) = c1. *)
Lemma slope_at_zero : forall r, rvalue (slope_part r) 0 = QR (hd 0%Q r).
Proof.
  intros r; unfold slope_part.
  rewrite rvalue_add, !rvalue_mul, rvalue_constant, rvalue_variable.
  destruct r as [|c r]; [|rewrite even_part_cons; simpl; ring].
  unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant; ring.
Qed.

(** φ'(0) = ∏ c1, for φ = f_T ∘ ... ∘ f_1. *)
Theorem slope : forall rows fs v, written_as fs rows -> Qeq_bool (slopes rows) v = true ->
  derivable_pt_lim (run fs) 0 (QR v).
Proof.
  intros rows fs v Hw H; apply QR_eq in H; rewrite <- H; clear v H.
  revert fs Hw; induction rows as [|r rows IH]; intros [|f fs] Hw; try contradiction; simpl.
  - apply derivable_pt_lim_id.
  - destruct Hw as [Hf Hw]; rewrite QR_mult.
    apply (derivable_pt_lim_comp f (run fs)).
    + rewrite <- slope_at_zero; replace 0 with (0 ^ 2) at 2 by ring.
      apply step_derivative, Hf.
    + replace (f 0) with 0 by (rewrite Hf, written_value; ring); apply IH, Hw.
Qed.

(** ** fixes *)

(** f(p) = p, by evaluation. *)
Definition fixes_test (r : row) (p : Q) : bool :=
  Z.eqb (at_point (rsub (odd_part r) variable) p) 0.

(** f(p) = p for a rational p. *)
Theorem fixes : forall r f p, (forall x, f x = written r x) ->
  fixes_test r p = true -> f (QR p) = QR p.
Proof.
  intros r f p Hf H; apply at_point_zero in H.
  rewrite rvalue_sub, odd_part_value, rvalue_variable, <- Hf in H; lra.
Qed.

(** g - 1 changes sign between the squares of the ends, and g' does not. *)
Definition fixes_between_test (r : row) (lo hi : Q) (monotone : list Q) : bool :=
  let g := even_part r in
  let (a, b) := (square lo, square hi) in
  let falls h := Z.ltb 0 (at_point (rsub h one) a) && Z.ltb 0 (at_point (rsub one h) b) in
  let rises h := Z.ltb 0 (at_point (rsub one h) a) && Z.ltb 0 (at_point (rsub h one) b) in
  below 0 lo && below lo hi &&
  ((falls g && positive_closed (ropp (rderivative g)) a monotone b) ||
   (rises g && positive_closed (rderivative g) a monotone b)).

(** A strictly monotone g takes the value 1 exactly once. *)
Lemma one_crossing : forall g a b, a < b ->
  (forall x y, a <= x -> x < y -> y <= b -> rvalue g x <> rvalue g y) ->
  Rmin (rvalue g a) (rvalue g b) < 1 < Rmax (rvalue g a) (rvalue g b) ->
  exists q, a < q < b /\ rvalue g q = 1 /\ forall y, a < y < b -> rvalue g y = 1 -> y = q.
Proof.
  intros g a b Hab Hinj H.
  assert (exists q, a <= q <= b /\ rvalue g q = 1) as [q [Hq E]].
  { destruct (Rle_lt_dec (rvalue g a) (rvalue g b)) as [L|L].
    - rewrite Rmin_left, Rmax_right in H by lra.
      destruct (intermediate_value (rvalue g) a b 1) as [q Hq];
        [apply rvalue_continuous|lra|].
      rewrite Rmin_left, Rmax_right in Hq by lra; exists q; exact Hq.
    - rewrite Rmin_right, Rmax_left in H by lra.
      destruct (intermediate_value (rvalue g) b a 1) as [q Hq];
        [apply rvalue_continuous|lra|].
      rewrite Rmin_right, Rmax_left in Hq by lra; exists q; exact Hq. }
  exists q; split; [|split; [exact E|]].
  - unfold Rmin, Rmax in H; destruct (Rle_dec (rvalue g a) (rvalue g b));
      split; apply Rnot_le_lt; intros C.
    all: try (assert (q = a) by lra; subst q; lra).
    all: assert (q = b) by lra; subst q; lra.
  - intros y Hy Ey; destruct (Rtotal_order y q) as [A|[A|A]]; [exfalso|exact A|exfalso].
    + apply (Hinj y q); lra.
    + apply (Hinj q y); lra.
Qed.

(** Exactly one fixed point in the bracket. *)
Theorem fixes_between : forall r f lo hi monotone, (forall x, f x = written r x) ->
  fixes_between_test r lo hi monotone = true ->
  exists! p, QR lo < p < QR hi /\ f p = p.
Proof.
  intros r f lo hi monotone Hf H; unfold fixes_between_test in H.
  set (g := even_part r) in *.
  apply andb_true_iff in H as [H Hmono]; apply andb_true_iff in H as [Hlo Hlh].
  apply QR_lt in Hlo; apply QR_lt in Hlh; change (QR 0) with 0 in Hlo.
  assert (F : forall x, f x = x * rvalue g (x ^ 2)) by (intros; rewrite Hf; apply written_value).
  assert (exists q, QR lo ^ 2 < q < QR hi ^ 2 /\ rvalue g q = 1 /\
            forall y, QR lo ^ 2 < y < QR hi ^ 2 -> rvalue g y = 1 -> y = q)
    as [q [Hq [E U]]].
  { apply orb_true_iff in Hmono as [H|H]; apply andb_true_iff in H as [H M];
      apply andb_true_iff in H as [A B];
      apply at_point_positive in A; apply at_point_positive in B;
      pose proof (fun y => positive_closed_sound _ _ _ _ M y) as D;
      rewrite rvalue_sub, rvalue_one, QR_square in A, B; rewrite !QR_square in D;
      apply one_crossing; try (apply square_lt; lra).
    - intros x y Hx Hxy Hy; apply Rgt_not_eq.
      apply (decreasing g (QR lo ^ 2) (QR hi ^ 2)); try assumption.
      intros c Hc; specialize (D c Hc); rewrite rvalue_opp in D; lra.
    - rewrite Rmin_right, Rmax_left by lra; lra.
    - intros x y Hx Hxy Hy; apply Rlt_not_eq.
      destruct (MVT_cor2 (rvalue g) (rvalue (rderivative g)) x y Hxy) as [c [Ec Hc]].
      { intros; apply rvalue_derivative. }
      pose proof (D c ltac:(lra)); nra.
    - rewrite Rmin_left, Rmax_right by lra; lra. }
  pose proof (pow2_ge_0 (QR lo)).
  assert (Hs : sqrt q ^ 2 = q) by (rewrite <- Rsqr_pow2; apply Rsqr_sqrt; lra).
  exists (sqrt q); split.
  - split; [split; apply Rnot_le_lt; intros C|].
    + pose proof (square_le _ _ (conj (sqrt_pos q) C)); lra.
    + pose proof (square_le (QR hi) (sqrt q) ltac:(lra)); lra.
    + rewrite F, Hs, E; ring.
  - intros p [Hp Ep]; rewrite F in Ep.
    assert (Gp : rvalue g (p ^ 2) = 1) by (apply Rmult_eq_reg_l with p; lra).
    rewrite <- (U (p ^ 2)), <- Rsqr_pow2; [apply sqrt_Rsqr; lra| |exact Gp].
    split; apply square_lt; lra.
Qed.

(** ** attracts and repels *)

(** |d| < 1 at one point. *)
Definition contracts_at (r : row) (p : Q) : bool :=
  let d := slope_part r in
  Z.ltb 0 (at_point (rsub one d) (square p)) && Z.ltb 0 (at_point (radd one d) (square p)).

(** |d| > 1 at one point. *)
Definition expands_at (r : row) (p : Q) : bool :=
  let d := slope_part r in
  Z.ltb 0 (at_point (rsub d one) (square p)) || Z.ltb 0 (at_point (rsub (ropp d) one) (square p)).

(** f(p) = p and |f'(p)| < 1 for a rational p. *)
Theorem attracts : forall r f p, (forall x, f x = written r x) ->
  fixes_test r p && contracts_at r p = true ->
  f (QR p) = QR p /\ exists d, derivable_pt_lim f (QR p) d /\ Rabs d < 1.
Proof.
  intros r f p Hf H; apply andb_true_iff in H as [Hfix H].
  split; [apply (fixes r f p Hf Hfix)|].
  exists (rvalue (slope_part r) (QR p ^ 2)); split; [apply step_derivative, Hf|].
  unfold contracts_at in H; apply andb_true_iff in H as [A B].
  apply at_point_positive in A; apply at_point_positive in B.
  rewrite rvalue_sub, rvalue_one, QR_square in A.
  rewrite rvalue_add, rvalue_one, QR_square in B; apply Rabs_def1; lra.
Qed.

(** f(p) = p and |f'(p)| > 1 for a rational p. *)
Theorem repels : forall r f p, (forall x, f x = written r x) ->
  fixes_test r p && expands_at r p = true ->
  f (QR p) = QR p /\ exists d, derivable_pt_lim f (QR p) d /\ 1 < Rabs d.
Proof.
  intros r f p Hf H; apply andb_true_iff in H as [Hfix H].
  split; [apply (fixes r f p Hf Hfix)|].
  exists (rvalue (slope_part r) (QR p ^ 2)); split; [apply step_derivative, Hf|].
  unfold expands_at in H; apply orb_true_iff in H as [H|H]; apply at_point_positive in H;
    rewrite ?rvalue_sub, ?rvalue_opp, rvalue_one, QR_square in H; unfold Rabs;
    destruct (Rcase_abs _); lra.
Qed.

(** |d| < 1, and |d| > 1, on the whole bracket. *)
Definition contracts_between (r : row) (lo hi : Q) (minus plus : list Q) : bool :=
  let d := slope_part r in
  positive_closed (rsub one d) (square lo) minus (square hi) &&
  positive_closed (radd one d) (square lo) plus (square hi).

Definition expands_between (r : row) (lo hi : Q) (splits : list Q) : bool :=
  let d := slope_part r in
  positive_closed (rsub d one) (square lo) splits (square hi) ||
  positive_closed (rsub (ropp d) one) (square lo) splits (square hi).

(** The only fixed point in the bracket attracts. *)
Theorem attracts_between : forall r f lo hi monotone minus plus, (forall x, f x = written r x) ->
  fixes_between_test r lo hi monotone && contracts_between r lo hi minus plus = true ->
  (exists! p, QR lo < p < QR hi /\ f p = p) /\
  forall p, QR lo < p < QR hi -> f p = p ->
    exists d, derivable_pt_lim f p d /\ Rabs d < 1.
Proof.
  intros r f lo hi monotone minus plus Hf H; apply andb_true_iff in H as [Hfix H].
  split; [exact (fixes_between r f lo hi monotone Hf Hfix)|intros p Hp _].
  exists (rvalue (slope_part r) (p ^ 2)); split; [apply step_derivative, Hf|].
  unfold contracts_between in H; apply andb_true_iff in H as [A B].
  assert (Hlo : 0 < QR lo).
  { unfold fixes_between_test in Hfix; apply andb_true_iff in Hfix as [Hfix _].
    apply andb_true_iff in Hfix as [Hfix _]; exact (QR_lt 0 lo Hfix). }
  assert (Hy : QR (square lo) <= p ^ 2 <= QR (square hi)).
  { rewrite !QR_square; split; apply square_le; lra. }
  apply (positive_closed_sound _ _ _ _ A) in Hy as A'.
  apply (positive_closed_sound _ _ _ _ B) in Hy as B'.
  rewrite rvalue_sub, rvalue_one in A'; rewrite rvalue_add, rvalue_one in B'; apply Rabs_def1; lra.
Qed.

(** The only fixed point in the bracket repels. *)
Theorem repels_between : forall r f lo hi monotone splits, (forall x, f x = written r x) ->
  fixes_between_test r lo hi monotone && expands_between r lo hi splits = true ->
  (exists! p, QR lo < p < QR hi /\ f p = p) /\
  forall p, QR lo < p < QR hi -> f p = p ->
    exists d, derivable_pt_lim f p d /\ 1 < Rabs d.
Proof.
  intros r f lo hi monotone splits Hf H; apply andb_true_iff in H as [Hfix H].
  split; [exact (fixes_between r f lo hi monotone Hf Hfix)|intros p Hp _].
  exists (rvalue (slope_part r) (p ^ 2)); split; [apply step_derivative, Hf|].
  assert (Hlo : 0 < QR lo).
  { unfold fixes_between_test in Hfix; apply andb_true_iff in Hfix as [Hfix _].
    apply andb_true_iff in Hfix as [Hfix _]; exact (QR_lt 0 lo Hfix). }
  assert (Hy : QR (square lo) <= p ^ 2 <= QR (square hi)).
  { rewrite !QR_square; split; apply square_le; lra. }
  unfold expands_between in H; apply orb_true_iff in H as [H|H]; apply (positive_closed_sound _ _ _ _ H) in Hy;
    rewrite ?rvalue_sub, ?rvalue_opp, rvalue_one in Hy; unfold Rabs;
    destruct (Rcase_abs _); lra.
Qed.
