(** * The Bernstein rule

    On [a, b] a polynomial in one variable has the Bernstein coefficients of
    [Box], each times a binomial and one common positive integer: if none is
    negative, it is not negative on [a, b].
    Split points cut an interval where one piece does not suffice. They are
    data: nothing here searches. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial.
From MuonTheory Require Several Box.
Import ListNotations.
Local Open Scope R_scope.

(** ** Substituting a quotient *)

(** For c of length n + 1 and C = d B: C^n · c(A/C), B^(n+1) and d^(n+1), without
    division. B and d are kept apart because the powers of B stay short. *)
Fixpoint substitute (c : poly) (A : poly) (d : Z) (B : poly) : poly * poly * Z :=
  match c with
  | [] => ([], [1%Z], 1%Z)
  | k :: c' =>
      match substitute c' A d B with
      | (h, b, e) => (add (scale (k * e) b) (mul A h), mul B b, (d * e)%Z)
      end
  end.

Definition substituted (c A : poly) (d : Z) (B : poly) : poly := fst (fst (substitute c A d B)).

(** What the three are. *)
Lemma substitute_value : forall c A d B t, IZR d * value B t <> 0 ->
  match substitute c A d B with
  | (h, b, e) =>
      value b t = value B t ^ length c /\ IZR e = IZR d ^ length c /\
      IZR d * value B t * value h t
        = (IZR d * value B t) ^ length c * value c (value A t / (IZR d * value B t))
  end.
Proof.
  intros c A d B t HC; induction c as [|k c IH]; cbn [substitute length value pow]; [repeat split; ring|].
  destruct (substitute c A d B) as [[h b] e]; destruct IH as [Hb [He Hh]].
  rewrite !value_mul, value_add, value_scale, value_mul, Hb, !mult_IZR, He.
  split; [ring|split; [ring|]].
  set (C := IZR d * value B t) in *.
  replace (C * (IZR k * IZR d ^ length c * value B t ^ length c + value A t * value h t))
    with (C * IZR k * (IZR d ^ length c * value B t ^ length c) + value A t * (C * value h t)) by ring.
  rewrite Hh, <- Rpow_mult_distr; fold C; field; assumption.
Qed.

(** Where d B > 0 the substituted polynomial is a positive multiple of c(A/(d B)). *)
Lemma substituted_multiple : forall c A d B t, 0 < IZR d * value B t ->
  exists k, 0 < k /\ value (substituted c A d B) t = k * value c (value A t / (IZR d * value B t)).
Proof.
  intros c A d B t HC; unfold substituted; pose proof (substitute_value c A d B t ltac:(lra)) as H.
  destruct (substitute c A d B) as [[h b] e]; destruct H as [_ [_ H]]; cbn [fst].
  set (C := IZR d * value B t) in *; exists (C ^ length c / C); split.
  - apply Rdiv_lt_0_compat; [apply pow_lt|]; assumption.
  - apply Rmult_eq_reg_l with C; [|lra]; rewrite H; field; lra.
Qed.

(** ** Signs of coefficients *)

Definition nonnegative (p : poly) : bool := forallb (Z.leb 0) p.

(** No negative coefficient, and not all of them 0. *)
Definition nonzero_nonnegative (p : poly) : bool := nonnegative p && existsb (Z.ltb 0) p.

(** ** One point and one piece *)

(** An integer with the sign of r(a). *)
Definition at_point (r : rpoly) (a : Q) : Z :=
  hd 0%Z (substituted (top r) [Qnum a] (Zpos (Qden a)) [1%Z]).

(** The Bernstein coefficients of r on [a, b], as in the header. *)
Definition on_piece (r : rpoly) (a b : Q) : poly := Box.bernstein 0 (Box.moved 0 (trim (top r)) a b) [].

(** The integer is a positive multiple of r(a). *)
Lemma at_point_multiple : forall r a,
  exists k, 0 < k /\ IZR (at_point r a) = k * rvalue r (QR a).
Proof.
  intros r a.
  destruct (substituted_multiple (top r) [Qnum a] (Zpos (Qden a)) [1%Z] 0) as [k [Hk H]];
    [cbn [value]; pose proof (positive_real (Qden a)); lra|].
  exists (k * IZR (Zpos (bottom r))); split; [apply Rmult_lt_0_compat; auto|].
  replace (value [Qnum a] 0 / (IZR (Zpos (Qden a)) * value [1%Z] 0)) with (QR a) in H
    by (rewrite QR_quotient; cbn [value]; field; auto).
  unfold rvalue; replace (k * IZR (Zpos (bottom r)) * (value (top r) (QR a) / IZR (Zpos (bottom r))))
    with (k * value (top r) (QR a)) by (field; auto).
  rewrite <- H; unfold at_point.
  destruct (substituted (top r) [Qnum a] (Zpos (Qden a)) [1%Z]); simpl; ring.
Qed.

(** Its sign is the sign of r(a). Not negative: r(a) ≥ 0. *)
Lemma at_point_nonnegative : forall r a, Z.leb 0 (at_point r a) = true -> 0 <= rvalue r (QR a).
Proof.
  intros r a H; apply Z.leb_le, IZR_le in H.
  destruct (at_point_multiple r a) as [k [Hk E]]; rewrite E in H.
  apply Rmult_le_reg_l with k; lra.
Qed.

(** Positive: r(a) > 0. *)
Lemma at_point_positive : forall r a, Z.ltb 0 (at_point r a) = true -> 0 < rvalue r (QR a).
Proof.
  intros r a H; apply Z.ltb_lt, IZR_lt in H.
  destruct (at_point_multiple r a) as [k [Hk E]]; rewrite E in H.
  apply Rmult_lt_reg_l with k; lra.
Qed.

(** Zero: r(a) = 0. *)
Lemma at_point_zero : forall r a, Z.eqb (at_point r a) 0 = true -> rvalue r (QR a) = 0.
Proof.
  intros r a H; apply Z.eqb_eq in H.
  destruct (at_point_multiple r a) as [k [Hk E]]; rewrite H in E.
  destruct (Rmult_integral k (rvalue r (QR a))); [rewrite <- E; reflexivity|lra|assumption].
Qed.

(** Between the ends they are those of a positive multiple of r. *)
Lemma mvalue_one : forall (p : poly) x, Several.mvalue 1 p [x] = value p x.
Proof. induction p as [|c p IH]; intros x; [reflexivity|]; rewrite (Several.mvalue_cons 0 c p), IH; reflexivity. Qed.
Lemma on_piece_multiple : forall r a b x, QR a < x < QR b ->
  exists k t, 0 < k /\ 0 < t < 1 /\ Box.homogeneous 0 (on_piece r a b) t [] = k * rvalue r x.
Proof.
  intros r a b x Hx; destruct (Box.at_side_by (a, b) Box.Inner x Hx) as [t [E Ht]]; cbn [fst snd] in E.
  destruct (Box.moved_multiple 0 (trim (top r)) a b) as [k [Hk M]].
  exists (k * IZR (Zpos (bottom r))), t; split; [apply Rmult_lt_0_compat; auto|split; [exact Ht|]].
  unfold on_piece; rewrite (Box.bernstein_value 0 _ [] t []), M, <- E; cbn [Box.homogeneous length pow].
  rewrite (mvalue_one (trim (top r)) x), value_trim; unfold rvalue; field; auto.
Qed.

(** No negative coefficient: r ≥ 0 there; if one is positive, r > 0. *)
Lemma on_piece_nonnegative : forall r a b x, nonnegative (on_piece r a b) = true -> QR a < x < QR b -> 0 <= rvalue r x.
Proof.
  intros r a b x H Hx; destruct (on_piece_multiple r a b x Hx) as [k [t [Hk [Ht E]]]].
  unfold nonnegative in H; rewrite forallb_forall in H; apply Rmult_le_reg_l with k; [exact Hk|]; rewrite Rmult_0_r, <- E.
  apply Box.homogeneous_nonnegative; [lra|]; intros c Hc; apply IZR_le, Z.leb_le, (H c Hc).
Qed.
Lemma on_piece_positive : forall r a b x, nonzero_nonnegative (on_piece r a b) = true -> QR a < x < QR b -> 0 < rvalue r x.
Proof.
  intros r a b x H Hx; destruct (on_piece_multiple r a b x Hx) as [k [t [Hk [Ht E]]]].
  apply andb_true_iff in H as [H P]; unfold nonnegative in H; rewrite forallb_forall in H.
  apply existsb_exists in P as [c [Hc P]]; apply Rmult_lt_reg_l with k; [exact Hk|]; rewrite Rmult_0_r, <- E.
  apply Box.homogeneous_positive; [exact Ht| |exists c; split; [exact Hc|apply IZR_lt, Z.ltb_lt, P]].
  intros d Hd; apply IZR_le, Z.leb_le, (H d Hd).
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

(** THE RULE, closed form: what is computed implies what is meant. *)
Theorem at_least_zero_sound : forall r a splits b, at_least_zero r a splits b = true ->
  forall x, QR a <= x <= QR b -> 0 <= rvalue r x.
Proof.
  intros r a splits b H x Hx; unfold at_least_zero in H.
  apply andb_true_iff in H as [H Hin]; apply andb_true_iff in H as [Ha Hb].
  destruct (Req_dec x (QR a)) as [->|Na]; [apply at_point_nonnegative, Ha|].
  destruct (Req_dec x (QR b)) as [->|Nb]; [apply at_point_nonnegative, Hb|].
  refine (between_sound _ _ r (fun x => 0 <= rvalue r x) _ _ splits a b x Hin _).
  - clear; intros a b x; apply on_piece_nonnegative.
  - apply at_point_nonnegative.
  - lra.
Qed.

(** The open form: r > 0 on (a, b). *)
Definition positive_inside (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  between nonzero_nonnegative (Z.ltb 0) r a splits b.

(** THE RULE, open form. *)
Theorem positive_inside_sound : forall r a splits b, positive_inside r a splits b = true ->
  forall x, QR a < x < QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b; unfold positive_inside; intros H x Hx.
  refine (between_sound _ _ r (fun x => 0 < rvalue r x) _ _ splits a b x H Hx).
  - clear; intros a b x; apply on_piece_positive.
  - apply at_point_positive.
Qed.

(** The same with the left end, the right end, or both. *)
Definition positive_left (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.ltb 0 (at_point r a) && positive_inside r a splits b.
Definition positive_right (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.ltb 0 (at_point r b) && positive_inside r a splits b.
Definition positive_closed (r : rpoly) (a : Q) (splits : list Q) (b : Q) : bool :=
  Z.ltb 0 (at_point r a) && positive_right r a splits b.

(** r > 0 on [a, b). *)
Theorem positive_left_sound : forall r a splits b, positive_left r a splits b = true ->
  forall x, QR a <= x < QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b H x Hx; apply andb_true_iff in H as [Ha Hin].
  destruct (Req_dec x (QR a)) as [->|N]; [apply at_point_positive, Ha|].
  apply (positive_inside_sound r a splits b Hin); lra.
Qed.

(** r > 0 on (a, b]. *)
Theorem positive_right_sound : forall r a splits b, positive_right r a splits b = true ->
  forall x, QR a < x <= QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b H x Hx; apply andb_true_iff in H as [Hb Hin].
  destruct (Req_dec x (QR b)) as [->|N]; [apply at_point_positive, Hb|].
  apply (positive_inside_sound r a splits b Hin); lra.
Qed.

(** r > 0 on [a, b]. *)
Theorem positive_closed_sound : forall r a splits b, positive_closed r a splits b = true ->
  forall x, QR a <= x <= QR b -> 0 < rvalue r x.
Proof.
  intros r a splits b H x Hx; apply andb_true_iff in H as [Ha Hright].
  destruct (Req_dec x (QR a)) as [->|N]; [apply at_point_positive, Ha|].
  apply (positive_right_sound r a splits b Hright); lra.
Qed.
