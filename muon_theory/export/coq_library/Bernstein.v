(** * The Bernstein rule

    With x = (a + b t) / (1 + t) the open interval (a, b) becomes t > 0, and
    (1 + t)^n p(x) is a polynomial in t. Its coefficients are the Bernstein
    coefficients of p on [a, b], each times a binomial and one common positive
    integer: if none is negative, p is not negative on [a, b].
    Split points cut an interval where one piece does not suffice. They are
    data: nothing here searches. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial.
Import ListNotations.
Local Open Scope R_scope.

(** ** Substituting a quotient *)

(** For c of length n + 1, the pair (B^n · c(A/B), B^(n+1)), without division. *)
Fixpoint substitute (c A B : poly) : poly * poly :=
  match c with
  | [] => ([], [1%Z])
  | k :: c' => let (h, b) := substitute c' A B in (add (scale k b) (mul A h), mul B b)
  end.

(** What the pair means. *)
Lemma substitute_value : forall c A B t, value B t <> 0 ->
  value (snd (substitute c A B)) t = value B t ^ length c /\
  value B t * value (fst (substitute c A B)) t
    = value B t ^ length c * value c (value A t / value B t).
Proof.
  intros c A B t HB; induction c as [|k c IH]; simpl; [split; ring|].
  destruct (substitute c A B) as [h b]; simpl in *; destruct IH as [Hb Hh].
  split; [rewrite value_mul, Hb; ring|].
  rewrite value_add, value_scale, value_mul, Hb.
  replace (value B t * (IZR k * value B t ^ length c + value A t * value h t))
    with (value B t * (IZR k * value B t ^ length c) + value A t * (value B t * value h t)) by ring.
  rewrite Hh; field; assumption.
Qed.

(** Where B > 0 the substituted polynomial is a positive multiple of c(A/B). *)
Lemma substitute_multiple : forall c A B t, 0 < value B t ->
  exists k, 0 < k /\ value (fst (substitute c A B)) t = k * value c (value A t / value B t).
Proof.
  intros c A B t HB; destruct (substitute_value c A B t) as [_ H]; [lra|].
  exists (value B t ^ length c / value B t); split.
  - apply Rdiv_lt_0_compat; [apply pow_lt|]; assumption.
  - apply Rmult_eq_reg_l with (value B t); [|lra]; rewrite H; field; lra.
Qed.

(** ** Signs of coefficients *)

Definition nonnegative (p : poly) : bool := forallb (Z.leb 0) p.

(** No negative coefficient, and not all of them 0. *)
Definition nonzero_nonnegative (p : poly) : bool := nonnegative p && existsb (Z.ltb 0) p.

(** Without negative coefficients, p(t) ≥ 0 for t ≥ 0. *)
Lemma nonnegative_value : forall p t, nonnegative p = true -> 0 <= t -> 0 <= value p t.
Proof.
  intros p t H Ht; induction p as [|c p IH]; simpl in *; [lra|].
  apply andb_true_iff in H as [Hc Hp]; apply Z.leb_le, IZR_le in Hc.
  pose proof (Rmult_le_pos _ _ Ht (IH Hp)); lra.
Qed.

(** If moreover one is positive, p(t) > 0 for t > 0. *)
Lemma nonzero_nonnegative_value : forall p t,
  nonzero_nonnegative p = true -> 0 < t -> 0 < value p t.
Proof.
  intros p t H Ht; apply andb_true_iff in H as [H E].
  induction p as [|c p IH]; simpl in *; [discriminate|].
  apply andb_true_iff in H as [Hc Hp]; apply Z.leb_le, IZR_le in Hc.
  apply orb_true_iff in E as [E|E].
  - apply Z.ltb_lt, IZR_lt in E.
    pose proof (Rmult_le_pos t _ ltac:(lra) (nonnegative_value p t Hp ltac:(lra))); lra.
  - pose proof (Rmult_lt_0_compat _ _ Ht (IH Hp E)); lra.
Qed.

(** ** One point and one piece *)

(** An integer with the sign of r(a). *)
Definition at_point (r : rpoly) (a : Q) : Z :=
  hd 0%Z (fst (substitute (top r) [Qnum a] [Zpos (Qden a)])).

(** The Bernstein coefficients of r on [a, b], as in the header. *)
Definition on_piece (r : rpoly) (a b : Q) : poly :=
  let d := (Zpos (Qden a) * Zpos (Qden b))%Z in
  fst (substitute (top r) [Qnum a * Zpos (Qden b); Qnum b * Zpos (Qden a)]%Z [d; d]).

(** The integer is a positive multiple of r(a). *)
Lemma at_point_multiple : forall r a,
  exists k, 0 < k /\ IZR (at_point r a) = k * rvalue r (QR a).
Proof.
  intros r a.
  destruct (substitute_multiple (top r) [Qnum a] [Zpos (Qden a)] 0) as [k [Hk H]];
    [simpl; pose proof (positive_real (Qden a)); lra|].
  exists (k * IZR (Zpos (bottom r))); split; [apply Rmult_lt_0_compat; auto|].
  replace (value [Qnum a] 0 / value [Zpos (Qden a)] 0) with (QR a) in H
    by (rewrite QR_quotient; simpl; field; auto).
  unfold rvalue; replace (k * IZR (Zpos (bottom r)) * (value (top r) (QR a) / IZR (Zpos (bottom r))))
    with (k * value (top r) (QR a)) by (field; auto).
  rewrite <- H; unfold at_point.
  destruct (fst (substitute (top r) [Qnum a] [Zpos (Qden a)])); simpl; ring.
Qed.

(** Its sign is the sign of r(a): three readings. *)
Lemma at_point_nonnegative : forall r a, Z.leb 0 (at_point r a) = true -> 0 <= rvalue r (QR a).
Proof.
  intros r a H; apply Z.leb_le, IZR_le in H.
  destruct (at_point_multiple r a) as [k [Hk E]]; rewrite E in H.
  apply Rmult_le_reg_l with k; lra.
Qed.

Lemma at_point_positive : forall r a, Z.ltb 0 (at_point r a) = true -> 0 < rvalue r (QR a).
Proof.
  intros r a H; apply Z.ltb_lt, IZR_lt in H.
  destruct (at_point_multiple r a) as [k [Hk E]]; rewrite E in H.
  apply Rmult_lt_reg_l with k; lra.
Qed.

Lemma at_point_zero : forall r a, Z.eqb (at_point r a) 0 = true -> rvalue r (QR a) = 0.
Proof.
  intros r a H; apply Z.eqb_eq in H.
  destruct (at_point_multiple r a) as [k [Hk E]]; rewrite H in E.
  destruct (Rmult_integral k (rvalue r (QR a))); [rewrite <- E; reflexivity|lra|assumption].
Qed.

(** On the open piece the polynomial in t is a positive multiple of r(x). *)
Lemma on_piece_multiple : forall r a b x, QR a < x < QR b ->
  exists k t, 0 < k /\ 0 < t /\ value (on_piece r a b) t = k * rvalue r x.
Proof.
  intros r a b x Hx; set (t := (x - QR a) / (QR b - x)).
  assert (Ht : 0 < t) by (apply Rdiv_lt_0_compat; lra).
  set (A := [Qnum a * Zpos (Qden b); Qnum b * Zpos (Qden a)]%Z).
  set (d := (Zpos (Qden a) * Zpos (Qden b))%Z).
  assert (Hd : 0 < IZR d) by (unfold d; rewrite mult_IZR; apply Rmult_lt_0_compat; auto).
  assert (HB : 0 < value [d; d] t) by (simpl; pose proof (Rmult_lt_0_compat _ _ Ht Hd); lra).
  assert (Hq : value A t / value [d; d] t = x).
  { replace (value A t) with (IZR d * (QR a + t * QR b)).
    - replace (value [d; d] t) with (IZR d * (1 + t)) by (simpl; ring).
      unfold t; field; lra.
    - rewrite !QR_quotient; unfold A, d; simpl; rewrite ?Pos2Z.inj_mul, !mult_IZR; field; auto. }
  destruct (substitute_multiple (top r) A [d; d] t HB) as [k [Hk H]]; rewrite Hq in H.
  exists (k * IZR (Zpos (bottom r))), t; repeat split; try assumption.
  - apply Rmult_lt_0_compat; auto.
  - unfold on_piece; fold A d; rewrite H; unfold rvalue; field; auto.
Qed.

(** ** Between split points *)

(** Every piece between a, the split points and b satisfies [good], and every
    split point satisfies [node]. *)
Fixpoint between (good : poly -> bool) (node : Z -> bool)
    (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  match splits with
  | [] => good (on_piece r a b)
  | s :: splits' =>
      good (on_piece r a s) && node (at_point r s) && between good node r s splits' b
  end.

(** What holds on each open piece and at each split point holds on (a, b).
    The order of the split points is of no concern: pieces that run
    backwards are empty. *)
Lemma between_sound : forall good node r (P : R -> Prop),
  (forall a b x, good (on_piece r a b) = true -> QR a < x < QR b -> P x) ->
  (forall a, node (at_point r a) = true -> P (QR a)) ->
  forall splits a b x, between good node r a splits b = true -> QR a < x < QR b -> P x.
Proof.
  intros good node r P Hpiece Hnode splits.
  induction splits as [|s splits IH]; intros a b x H Hx; simpl in H.
  - exact (Hpiece a b x H Hx).
  - apply andb_true_iff in H as [H Hrest]; apply andb_true_iff in H as [Hfirst Hs].
    destruct (Rtotal_order x (QR s)) as [L|[E|G]].
    + apply (Hpiece a s); [exact Hfirst|lra].
    + rewrite E; auto.
    + apply (IH s b x Hrest); lra.
Qed.

(** The closed form: r ≥ 0 on [a, b]. *)
Definition at_least_zero (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.leb 0 (at_point r a) && Z.leb 0 (at_point r b) &&
  between nonnegative (Z.leb 0) r a splits b.

Theorem at_least_zero_sound : forall r a splits b, at_least_zero r a splits b = true ->
  forall x, QR a <= x <= QR b -> 0 <= rvalue r x.
Proof.
  intros r a splits b H x Hx; unfold at_least_zero in H.
  apply andb_true_iff in H as [H Hin]; apply andb_true_iff in H as [Ha Hb].
  destruct (Req_dec x (QR a)) as [->|Na]; [apply at_point_nonnegative, Ha|].
  destruct (Req_dec x (QR b)) as [->|Nb]; [apply at_point_nonnegative, Hb|].
  refine (between_sound _ _ r (fun x => 0 <= rvalue r x) _ _ splits a b x Hin _).
  - clear; intros a b x H Hx.
    destruct (on_piece_multiple r a b x Hx) as [k [t [Hk [Ht E]]]].
    pose proof (nonnegative_value _ t H ltac:(lra)) as Hv; rewrite E in Hv.
    apply Rmult_le_reg_l with k; lra.
  - apply at_point_nonnegative.
  - lra.
Qed.

(** The open form: r > 0 on (a, b). *)
Definition positive_inside (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  between nonzero_nonnegative (Z.ltb 0) r a splits b.

Theorem positive_inside_sound : forall r a splits b, positive_inside r a splits b = true ->
  forall x, QR a < x < QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b; unfold positive_inside; intros H x Hx.
  refine (between_sound _ _ r (fun x => 0 < rvalue r x) _ _ splits a b x H Hx).
  - clear; intros a b x H Hx.
    destruct (on_piece_multiple r a b x Hx) as [k [t [Hk [Ht E]]]].
    pose proof (nonzero_nonnegative_value _ t H Ht) as Hv; rewrite E in Hv.
    apply Rmult_lt_reg_l with k; lra.
  - apply at_point_positive.
Qed.

(** The same with the left end, the right end, or both. *)
Definition positive_left (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.ltb 0 (at_point r a) && positive_inside r a splits b.
Definition positive_right (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.ltb 0 (at_point r b) && positive_inside r a splits b.
Definition positive_closed (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.ltb 0 (at_point r a) && positive_right r a splits b.

Theorem positive_left_sound : forall r a splits b, positive_left r a splits b = true ->
  forall x, QR a <= x < QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b H x Hx; apply andb_true_iff in H as [Ha Hin].
  destruct (Req_dec x (QR a)) as [->|N]; [apply at_point_positive, Ha|].
  apply (positive_inside_sound r a splits b Hin); lra.
Qed.

Theorem positive_right_sound : forall r a splits b, positive_right r a splits b = true ->
  forall x, QR a < x <= QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b H x Hx; apply andb_true_iff in H as [Hb Hin].
  destruct (Req_dec x (QR b)) as [->|N]; [apply at_point_positive, Hb|].
  apply (positive_inside_sound r a splits b Hin); lra.
Qed.

Theorem positive_closed_sound : forall r a splits b, positive_closed r a splits b = true ->
  forall x, QR a <= x <= QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b H x Hx; apply andb_true_iff in H as [Ha Hright].
  destruct (Req_dec x (QR a)) as [->|N]; [apply at_point_positive, Ha|].
  apply (positive_right_sound r a splits b Hright); lra.
Qed.
