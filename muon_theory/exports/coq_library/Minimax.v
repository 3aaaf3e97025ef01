(** * minimax: how well an odd polynomial can approximate 1

    De la Vallée-Poussin: if the error 1 - p of one polynomial alternates in
    sign at more points than there are coefficients, and is at least E in
    absolute value at each, then no polynomial with those coefficients stays
    below E. Otherwise the difference of the two would change sign too often. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Bernstein Schedule.
Import ListNotations.
Local Open Scope R_scope.

(** ** Polynomials with real coefficients *)

Fixpoint horner (q : list R) (y : R) : R :=
  match q with [] => 0 | a :: q' => a + y * horner q' y end.

(** a1 x + a3 x^3 + ..., as a person writes it. *)
Fixpoint sum_from (sum : R) (k : nat) (q : list R) (x : R) : R :=
  match q with [] => sum | a :: q' => sum_from (sum + a * x ^ k) (S (S k)) q' x end.
Definition odd_real (q : list R) (x : R) : R :=
  match q with [] => 0 | a :: q' => sum_from (a * x) 3 q' x end.

(** What the rest of the terms adds. *)
Lemma sum_from_value : forall q sum k x,
  sum_from sum k q x = sum + x ^ k * horner q (x ^ 2).
Proof.
  induction q as [|a q IH]; intros sum k x; cbn [sum_from horner]; [ring|].
  rewrite IH; replace (x ^ S (S k)) with (x ^ k * x ^ 2) by (simpl; ring); ring.
Qed.

(** It is x h(x²). *)
Lemma odd_real_value : forall q x, odd_real q x = x * horner q (x ^ 2).
Proof.
  intros [|a q] x; cbn [odd_real horner]; [ring|]; rewrite sum_from_value; ring.
Qed.

(** The same for a row. *)
Lemma row_horner : forall r y, rvalue (even_part r) y = horner (map QR r) y.
Proof.
  induction r as [|c r IH]; intros y; simpl.
  - unfold even_part; rewrite rvalue_reduce; simpl; rewrite rvalue_constant; reflexivity.
  - rewrite even_part_cons, IH; reflexivity.
Qed.

Fixpoint difference (p q : list R) : list R :=
  match p, q with
  | p, [] => p
  | [], b :: q' => - b :: difference [] q'
  | a :: p', b :: q' => (a - b) :: difference p' q'
  end.

(** The difference of two lists denotes the difference. *)
Lemma horner_difference : forall p q y, horner (difference p q) y = horner p y - horner q y.
Proof.
  induction p as [|a p IH]; intros q; [induction q as [|b q IHq]|destruct q as [|b q]];
    intros y; simpl; try ring; [rewrite IHq|rewrite IH]; simpl; ring.
Qed.

(** It is no longer than the longer of the two. *)
Lemma length_difference : forall m p q,
  (length p <= m)%nat -> (length q <= m)%nat -> (length (difference p q) <= m)%nat.
Proof.
  induction m as [|m IH]; intros [|a p] [|b q] Hp Hq; simpl in *; try lia;
    apply le_n_S, IH; simpl; lia.
Qed.

(** k a_0 + (k + 1) a_1 y + ...; with k = 1 the derivative of y q(y). *)
Fixpoint slope_from (k : R) (q : list R) : list R :=
  match q with [] => [] | a :: q' => k * a :: slope_from (k + 1) q' end.

(** Raising k by 1 adds the polynomial. *)
Lemma slope_from_next : forall q k y,
  horner (slope_from (k + 1) q) y = horner (slope_from k q) y + horner q y.
Proof. induction q as [|a q IH]; intros k y; simpl; [ring|]; rewrite IH; ring. Qed.

(** The derivative of y q(y) has as many coefficients as q. *)
Lemma length_slope : forall q k, length (slope_from k q) = length q.
Proof. induction q; intros; simpl; auto. Qed.

(** (a + y q(y))' = (y q(y))'. *)
Lemma horner_derivative : forall q a y,
  derivable_pt_lim (horner (a :: q)) y (horner (slope_from 1 q) y).
Proof.
  induction q as [|b q IH]; intros a y; cbn [slope_from].
  - replace (horner [] y) with (0 + (1 * 0 + y * 0)) by (simpl; ring).
    apply (derivable_pt_lim_plus (fct_cte a) (mult_fct id (fct_cte 0)));
      [|apply derivable_pt_lim_mult; [apply derivable_pt_lim_id|]]; apply derivable_pt_lim_const.
  - replace (horner (1 * b :: slope_from (1 + 1) q) y)
      with (0 + (1 * horner (b :: q) y + y * horner (slope_from 1 q) y))
      by (cbn [horner]; rewrite slope_from_next; ring).
    apply (derivable_pt_lim_plus (fct_cte a) (mult_fct id (horner (b :: q))));
      [apply derivable_pt_lim_const|apply derivable_pt_lim_mult;
        [apply derivable_pt_lim_id|apply IH]].
Qed.

(** ** Too many changes of sign *)

Fixpoint increasing (points : list R) : Prop :=
  match points with
  | x :: (y :: _) as rest => x < y /\ increasing rest
  | _ => True
  end.

(** s h(x_0) > 0, -s h(x_1) > 0, s h(x_2) > 0, ... *)
Fixpoint alternates (h : R -> R) (s : R) (points : list R) : Prop :=
  match points with [] => True | x :: rest => 0 < s * h x /\ alternates h (- s) rest end.

(** Between two such points the derivative has the sign of the later one. *)
Lemma slopes_alternate : forall a q points s x,
  increasing (x :: points) -> alternates (horner (a :: q)) s (x :: points) ->
  exists between, length between = length points /\ increasing between /\
    alternates (horner (slope_from 1 q)) (- s) between /\
    match between with [] => True | c :: _ => x < c end.
Proof.
  intros a q points; induction points as [|y points IH]; intros s x Hinc Halt.
  - exists []; simpl; auto.
  - destruct Hinc as [Hxy Hinc]; destruct Halt as [Hx Halt].
    destruct (IH (- s) y Hinc Halt) as [rest [Hlen [Hrest [Hsigns Hfirst]]]].
    destruct Halt as [Hy _].
    destruct (MVT_cor2 (horner (a :: q)) (horner (slope_from 1 q)) x y Hxy) as [c [E Hc]].
    { intros; apply horner_derivative. }
    exists (c :: rest); split; [simpl; auto|split; [|split; [split|]]].
    + destruct rest as [|c' rest]; simpl; [auto|split; [lra|exact Hrest]].
    + apply Rmult_lt_reg_r with (y - x); [lra|].
      rewrite Rmult_0_l, Rmult_assoc, <- E; lra.
    + exact Hsigns.
    + lra.
Qed.

(** A polynomial with n coefficients does not alternate at n + 1 points. *)
Lemma too_many_signs : forall n q points s, (length q <= n)%nat -> (n < length points)%nat ->
  increasing points -> alternates (horner q) s points -> False.
Proof.
  induction n as [|n IH]; intros [|a q] [|x points] s Hq Hp Hinc Halt; simpl in Hq, Hp; try lia;
    try (destruct Halt as [H _]; simpl in H; lra).
  destruct (slopes_alternate a q points s x Hinc Halt) as [between [Hlen [Hb [Hs _]]]].
  apply (IH (slope_from 1 q) between (- s)); rewrite ?length_slope, ?Hlen; auto; lia.
Qed.

(** ** The lower bound *)

(** The error is ≥ E, ≤ -E, ≥ E, ... (or the other way round, by [sign]) at
    increasing points up to u. *)
Fixpoint alternation (error : rpoly) (e : Q) (sign : bool) (u : Q) (points : list Q) : bool :=
  match points with
  | [] => true
  | x :: rest =>
      Z.leb 0 (at_point (rsub (if sign then error else ropp error) (constant e)) x) &&
      Qle_bool x u && match rest with [] => true | y :: _ => below x y end &&
      alternation error e (negb sign) u rest
  end.

Definition minimax_test (r : row) (m : nat) (l u e : Q) (points : list Q) : bool :=
  let error := rsub one (odd_part r) in
  below 0 l && match points with [] => false | x :: _ => Qle_bool l x end &&
  Nat.leb (length r) m && Nat.ltb m (length points) &&
  (alternation error e true u points || alternation error e false u points).

Definition sign_of (sign : bool) : R := if sign then 1 else -1.

(** What the computation says of the points, over the reals. *)
Lemma alternation_sound : forall r q e u points sign x,
  alternation (rsub one (odd_part r)) e sign u (x :: points) = true -> 0 < QR x ->
  (forall y, In y (x :: points) -> Rabs (1 - odd_real q (QR y)) < QR e) ->
  increasing (map (fun y => QR y ^ 2) (x :: points)) /\
  alternates (horner (difference (map QR r) q)) (- sign_of sign)
    (map (fun y => QR y ^ 2) (x :: points)).
Proof.
  intros r q e u points; induction points as [|y points IH]; intros sign x H Hx Hq;
    cbn [alternation] in H; repeat (apply andb_true_iff in H as [H ?H]).
  all: assert (S : 0 < - sign_of sign * horner (difference (map QR r) q) (QR x ^ 2)).
  1, 3: apply at_point_nonnegative in H; specialize (Hq x (or_introl eq_refl));
    apply Rabs_def2 in Hq; rewrite odd_real_value in Hq;
    rewrite horner_difference, <- row_horner;
    apply Rmult_lt_reg_l with (QR x); [exact Hx|];
    destruct sign; cbn [sign_of];
    rewrite ?rvalue_sub, ?rvalue_opp, ?rvalue_sub, rvalue_constant, rvalue_one in H;
    unfold odd_part in H; rewrite rvalue_odd in H; lra.
  - simpl; auto.
  - apply QR_lt in H1 as Hxy.
    assert (Hsign : sign_of (negb sign) = - sign_of sign) by (destruct sign; simpl; ring).
    destruct (IH (negb sign) y) as [Hinc Halt].
    + cbn [alternation]; exact H0.
    + lra.
    + intros z Hz; apply Hq; right; exact Hz.
    + rewrite Hsign in Halt; split; [split; [apply square_lt; lra|exact Hinc]|split; [exact S|exact Halt]].
Qed.

(** Points below the error are all of them, or one is not. *)
Lemma below_or_not : forall (h : R -> R) e points,
  (forall y, In y points -> h (QR y) < e) \/ exists y, In y points /\ e <= h (QR y).
Proof.
  intros h e points; induction points as [|x points IH]; [left; contradiction|].
  destruct (Rlt_le_dec (h (QR x)) e) as [L|L]; [|right; exists x; simpl; auto].
  destruct IH as [A|[y [Hy Hle]]]; [left|right; exists y; simpl; auto].
  intros y [<-|Hy]; auto.
Qed.

(** Every point of an alternation lies in [first point, u]. *)
Lemma alternation_range : forall error e u points sign x,
  alternation error e sign u (x :: points) = true ->
  forall y, In y (x :: points) -> QR x <= QR y <= QR u.
Proof.
  intros error e u points; induction points as [|z points IH]; intros sign x H y Hy;
    cbn [alternation] in H; repeat (apply andb_true_iff in H as [H ?H]).
  - destruct Hy as [<-|[]]; apply QR_le in H2; lra.
  - apply QR_le in H2; apply QR_lt in H1; destruct Hy as [<-|Hy]; [lra|].
    pose proof (IH (negb sign) z H0 y Hy); lra.
Qed.

(** No odd polynomial with at most m coefficients has |1 - q| < E on [l, u]. *)
Theorem minimax : forall r m l u e points, minimax_test r m l u e points = true ->
  forall q, (length q <= m)%nat ->
  exists x, QR l <= x <= QR u /\ QR e <= Rabs (1 - odd_real q x).
Proof.
  intros r m l u e points H q Hq; unfold minimax_test in H.
  destruct points as [|x points]; [rewrite andb_false_r in H; discriminate|].
  apply andb_true_iff in H as [H Halt]; repeat (apply andb_true_iff in H as [H ?H]).
  apply QR_lt in H; change (QR 0) with 0 in H; apply QR_le in H2.
  apply Nat.leb_le in H1; apply Nat.ltb_lt in H0.
  destruct (below_or_not (fun y => Rabs (1 - odd_real q y)) (QR e) (x :: points))
    as [All|[y [Hy Hle]]].
  - exfalso; apply orb_true_iff in Halt as [Halt|Halt];
      destruct (alternation_sound r q e u points _ x Halt ltac:(lra) All) as [Hinc Hs];
      apply (too_many_signs m _ _ _ (length_difference m (map QR r) q ltac:(rewrite map_length; lia) Hq))
        with (3 := Hs); rewrite ?map_length; assumption.
  - exists (QR y); split; [|exact Hle].
    apply orb_true_iff in Halt as [Halt|Halt];
      pose proof (alternation_range _ _ _ _ _ _ Halt y Hy); lra.
Qed.
