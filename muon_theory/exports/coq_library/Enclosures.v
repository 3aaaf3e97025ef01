(** * Values and iterates of all members of a box

    The numbers w_i of a member are integers m_i over some unit, and r_i times
    something of [-1, 1] more. What they give is enclosed in integers over the
    same unit: a value of the map, which is linear in w, and its iterates, by
    Taylor's formula to first order in the u_i at each step. *)

From Coq Require Import Reals ZArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial.
Import ListNotations.
Local Open Scope R_scope.

(** ** Quotients of integers, downward and upward *)

Definition ceiling (a b : Z) : Z := (- (- a / b))%Z.

Lemma floor_real : forall a b, (0 < b)%Z -> IZR (a / b) * IZR b <= IZR a < (IZR (a / b) + 1) * IZR b.
Proof.
  intros a b Hb; rewrite <- plus_IZR, <- !mult_IZR; split; [apply IZR_le|apply IZR_lt].
  - pose proof (Z.mul_div_le a b Hb); lia.
  - pose proof (Z.mul_succ_div_gt a b Hb); lia.
Qed.
Lemma ceiling_real : forall a b, (0 < b)%Z -> IZR a <= IZR (ceiling a b) * IZR b.
Proof.
  intros a b Hb; unfold ceiling; rewrite opp_IZR; pose proof (floor_real (- a) b Hb) as H; rewrite opp_IZR in H; lra.
Qed.
Lemma abs_real : forall z, IZR (Z.abs z) = Rabs (IZR z).
Proof. intros; apply abs_IZR. Qed.

Lemma modulus : forall x b, Rabs x <= b -> - b <= x <= b.
Proof. intros x b H; unfold Rabs in H; destruct (Rcase_abs x); lra. Qed.
Lemma five_moduli : forall a b c d e, Rabs (a + b + c + d + e) <= Rabs a + Rabs b + Rabs c + Rabs d + Rabs e.
Proof.
  intros; pose proof (Rabs_triang (a + b + c + d) e); pose proof (Rabs_triang (a + b + c) d);
    pose proof (Rabs_triang (a + b) c); pose proof (Rabs_triang a b); lra.
Qed.

(** ** Sums *)

Definition units (u : list R) : Prop := Forall (fun x => Rabs x <= 1) u.

Fixpoint dot (a b : list Z) : Z := match a, b with x :: a', y :: b' => (x * y + dot a' b')%Z | _, _ => 0%Z end.
Fixpoint rdot (a : list Z) (u : list R) : R := match a, u with x :: a', y :: u' => IZR x * y + rdot a' u' | _, _ => 0 end.
Definition total (a : list Z) : Z := fold_right (fun x s => (Z.abs x + s)%Z) 0%Z a.

(** m + r u. *)
Fixpoint member (m r : list Z) (u : list R) : list R :=
  match m, r, u with a :: m', b :: r', x :: u' => IZR a + IZR b * x :: member m' r' u' | _, _, _ => [] end.

Lemma rdot_bound : forall a u, units u -> Rabs (rdot a u) <= IZR (total a).
Proof.
  induction a as [|x a IH]; intros u H; cbn [rdot total fold_right].
  - rewrite Rabs_R0; lra.
  - fold (total a); destruct H as [|y u Hy H].
    + rewrite Rabs_R0; apply IZR_le; clear; induction a as [|z a IH]; cbn [total fold_right]; [lia|fold (total a); lia].
    + eapply Rle_trans; [apply Rabs_triang|]; rewrite plus_IZR, abs_real, Rabs_mult; pose proof (IH u H).
      pose proof (Rmult_le_compat_l _ _ _ (Rabs_pos (IZR x)) Hy); lra.
Qed.

(** Σ w_i a_i, where w is a member. *)
Fixpoint wdot (w : list R) (a : list Z) : R := match w, a with x :: w', y :: a' => x * IZR y + wdot w' a' | _, _ => 0 end.

Lemma wdot_bound : forall m r u a, units u -> length r = length m -> length u = length m -> Forall (fun z => (0 <= z)%Z) r ->
  Rabs (wdot (member m r u) a - IZR (dot m a)) <= IZR (dot r (map Z.abs a)).
Proof.
  induction m as [|x m IH]; intros [|y r] [|t u] a Hu Hr Hl Hp; try discriminate.
  - simpl; rewrite Rminus_0_r, Rabs_R0; lra.
  - destruct a as [|z a]; [simpl; rewrite Rminus_0_r, Rabs_R0; lra|].
    inversion Hu as [|? ? Ht Hu']; inversion Hp as [|? ? Hy Hp']; subst; cbn [member wdot dot map].
    specialize (IH r u a Hu' ltac:(simpl in *; lia) ltac:(simpl in *; lia) Hp').
    replace ((IZR x + IZR y * t) * IZR z + wdot (member m r u) a - IZR (x * z + dot m a))
      with (IZR y * t * IZR z + (wdot (member m r u) a - IZR (dot m a))) by (rewrite plus_IZR, mult_IZR; ring).
    eapply Rle_trans; [apply Rabs_triang|]; rewrite plus_IZR, mult_IZR, abs_real, !Rabs_mult.
    apply IZR_le in Hy; rewrite (Rabs_pos_eq (IZR y)) by exact Hy.
    assert (IZR y * Rabs t * Rabs (IZR z) <= IZR y * Rabs (IZR z)); [|lra].
    apply Rmult_le_compat_r; [apply Rabs_pos|]; rewrite <- (Rmult_1_r (IZR y)) at 2.
    apply Rmult_le_compat_l; [exact Hy|exact Ht].
Qed.

(** ** A value: Σ w_i a_i / den *)

Definition value_between (m r a : list Z) (den : Z) : Z * Z :=
  let middle := dot m a in
  let spread := dot r (map Z.abs a) in
  (((middle - spread) / den)%Z, ceiling (middle + spread) den).

Theorem value_between_sound : forall m r u a den, (0 < den)%Z -> units u -> length r = length m -> length u = length m ->
  Forall (fun z => (0 <= z)%Z) r -> forall v, v * IZR den = wdot (member m r u) a ->
  IZR (fst (value_between m r a den)) <= v <= IZR (snd (value_between m r a den)).
Proof.
  intros m r u a den Hd Hu Hr Hl Hp v Hv; pose proof (wdot_bound m r u a Hu Hr Hl Hp) as B; rewrite <- Hv in B.
  apply modulus in B; cbn [fst snd value_between].
  pose proof (floor_real (dot m a - dot r (map Z.abs a)) den Hd) as F.
  pose proof (ceiling_real (dot m a + dot r (map Z.abs a)) den Hd) as C.
  rewrite minus_IZR in F; rewrite plus_IZR in C; apply IZR_lt in Hd.
  split; apply Rmult_le_reg_r with (IZR den); lra.
Qed.

(** ** Polynomials about another point *)

(** p(c + h) as a polynomial in h. *)
Fixpoint shift (p : poly) (c : Z) : poly :=
  match p with [] => [] | a :: p' => let s := shift p' c in add [a] (add (scale c s) (0%Z :: s)) end.

Lemma shift_value : forall p c h, value (shift p c) h = value p (IZR c + h).
Proof.
  induction p as [|a p IH]; intros c h; [reflexivity|]; cbn [shift].
  rewrite !value_add, value_scale; cbn [value]; rewrite IH; ring.
Qed.

Definition absolute (p : poly) : poly := map Z.abs p.
Fixpoint at_integer (p : poly) (x : Z) : Z := match p with [] => 0%Z | a :: p' => (a + x * at_integer p' x)%Z end.

Lemma at_integer_value : forall p x, IZR (at_integer p x) = value p (IZR x).
Proof. induction p as [|a p IH]; intros x; cbn [at_integer value]; [reflexivity|]; rewrite plus_IZR, mult_IZR, IH; reflexivity. Qed.

Lemma absolute_nonnegative : forall p x, 0 <= x -> 0 <= value (absolute p) x.
Proof.
  induction p as [|a p IH]; intros x Hx; cbn [absolute map value]; [lra|].
  rewrite abs_real; pose proof (Rabs_pos (IZR a)); pose proof (Rmult_le_pos _ _ Hx (IH x Hx)); unfold absolute in *; lra.
Qed.

(** |p(h)| is at most the polynomial of the moduli at any bound of |h|. *)
Lemma absolute_bound : forall p h b, Rabs h <= b -> Rabs (value p h) <= value (absolute p) b.
Proof.
  induction p as [|a p IH]; intros h b H; cbn [absolute map value]; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]; rewrite abs_real, Rabs_mult; apply Rplus_le_compat_l.
  apply Rmult_le_compat; [apply Rabs_pos|apply Rabs_pos|exact H|apply IH, H].
Qed.

(** Σ a_i p_i. *)
Fixpoint combined (a : list Z) (ps : list poly) : poly :=
  match a, ps with x :: a', p :: ps' => add (scale x p) (combined a' ps') | _, _ => [] end.
Fixpoint rcombined (w : list R) (ps : list poly) (x : R) : R :=
  match w, ps with v :: w', p :: ps' => v * value p x + rcombined w' ps' x | _, _ => 0 end.

(** ** One step of a model *)

(** c + Σ slope_i u_i, up to error. *)
Record model := Model { centre : Z; slopes : list Z; slack : Z }.

Definition models (u : list R) (x : R) (k : model) : Prop :=
  Rabs (x - (IZR (centre k) + rdot (slopes k) u)) <= IZR (slack k).

Fixpoint next_slopes (first : Z) (old r : list Z) (parts : list poly) (den : Z) : list Z :=
  match old, r, parts with
  | a :: old', b :: r', p :: parts' => ((first * a + b * hd 0%Z p) / den)%Z :: next_slopes first old' r' parts' den
  | _, _, _ => []
  end.

(** [whole] = Σ m_i g_i; the map takes x to Σ w_i g_i(x) / den. *)
Definition next_model (whole : poly) (gs : list poly) (r : list Z) (den : Z) (k : model) : model :=
  let spread := (total (slopes k) + slack k)%Z in
  let parts := map (fun g => shift g (centre k)) gs in
  let here := shift whole (centre k) in
  let first := hd 0%Z (tl here) in
  let cross := combined r (map (fun p => absolute (tl p)) parts) in
  let rest := (Z.abs first * slack k + spread * (at_integer cross spread + spread * at_integer (absolute (tl (tl here))) spread))%Z in
  Model (hd 0 here / den)%Z (next_slopes first (slopes k) r parts den) (ceiling rest den + Z.of_nat (length r) + 1)%Z.

Lemma head_tail : forall p x, value p x = IZR (hd 0%Z p) + x * value (tl p) x.
Proof. intros [|a p] x; simpl; [ring|reflexivity]. Qed.

(** Σ (m_i + r_i u_i) g_i(c + h), split. *)
Fixpoint varying (r : list Z) (u : list R) (ps : list poly) (h : R) : R :=
  match r, u, ps with b :: r', x :: u', p :: ps' => IZR b * x * value p h + varying r' u' ps' h | _, _, _ => 0 end.

Lemma member_combined : forall m r u gs x, length r = length m -> length u = length m ->
  rcombined (member m r u) gs x = value (combined m gs) x + varying r u gs x.
Proof.
  induction m as [|a m IH]; intros [|b r] [|t u] gs x Hr Hl; try discriminate; [destruct gs; simpl; ring|].
  destruct gs as [|g gs]; [simpl; ring|]; cbn [member rcombined combined varying].
  rewrite value_add, value_scale, IH by (simpl in *; lia); ring.
Qed.

Lemma varying_shift : forall r u gs c h, varying r u (map (fun g => shift g c) gs) h = varying r u gs (IZR c + h).
Proof.
  induction r as [|b r IH]; intros [|t u] [|g gs] c h; try reflexivity; cbn [map varying]; rewrite IH, shift_value; reflexivity.
Qed.

(** The first-order part, and the rest. *)
Lemma varying_split : forall r u parts h b, units u -> Forall (fun z => (0 <= z)%Z) r -> Rabs h <= b ->
  Rabs (varying r u parts h - varying r u (map (fun p => [hd 0%Z p]) parts) 0) <=
  b * value (combined r (map (fun p => absolute (tl p)) parts)) b.
Proof.
  induction r as [|c r IH]; intros u parts h b Hu Hp Hh.
  - simpl; rewrite Rminus_0_r, Rabs_R0; lra.
  - pose proof (Rle_trans _ _ _ (Rabs_pos h) Hh) as Hb.
    assert (Z : 0 <= value (combined (c :: r) (map (fun p => absolute (tl p)) parts)) b).
    { clear - Hp Hb; revert parts; induction Hp as [|z zs Hz Hp IH]; intros [|p parts]; cbn [map combined value]; try lra.
      rewrite value_add, value_scale; apply IZR_le in Hz.
      pose proof (Rmult_le_pos _ _ Hz (absolute_nonnegative (tl p) b Hb)); specialize (IH parts); lra. }
    destruct u as [|t u]; [destruct parts; simpl; rewrite Rminus_0_r, Rabs_R0; apply Rmult_le_pos; assumption|].
    destruct parts as [|p parts]; [simpl; rewrite Rminus_0_r, Rabs_R0; lra|].
    inversion Hu as [|? ? Ht Hu']; inversion Hp as [|? ? Hc Hp']; subst; specialize (IH u parts h b Hu' Hp' Hh).
    cbn [map varying combined]; rewrite value_add, value_scale, head_tail; cbn [value].
    match goal with |- Rabs ?e <= _ =>
      replace e with (IZR c * t * (h * value (tl p) h) +
        (varying r u parts h - varying r u (map (fun p => [hd 0%Z p]) parts) 0)) by ring end.
    eapply Rle_trans; [apply Rabs_triang|]; rewrite !Rabs_mult; apply IZR_le in Hc; rewrite (Rabs_pos_eq (IZR c)) by exact Hc.
    pose proof (absolute_bound (tl p) h b Hh) as A.
    assert (P : Rabs h * Rabs (value (tl p) h) <= b * value (absolute (tl p)) b)
      by (apply Rmult_le_compat; try apply Rabs_pos; assumption).
    assert (Q : IZR c * Rabs t * (Rabs h * Rabs (value (tl p) h)) <= IZR c * (b * value (absolute (tl p)) b)).
    { apply Rmult_le_compat; [apply Rmult_le_pos; [exact Hc|apply Rabs_pos]|apply Rmult_le_pos; apply Rabs_pos| |exact P].
      rewrite <- (Rmult_1_r (IZR c)) at 2; apply Rmult_le_compat_l; assumption. }
    lra.
Qed.

Lemma next_slopes_sound : forall first old r u parts den, (0 < den)%Z -> units u ->
  length old = length r -> length u = length r -> length parts = length r ->
  Rabs (IZR first * rdot old u + varying r u (map (fun p => [hd 0%Z p]) parts) 0
        - rdot (next_slopes first old r parts den) u * IZR den) <= INR (length r) * IZR den.
Proof.
  intros first; induction old as [|a old IH]; intros [|b r] u parts den Hd Hu H1 H2 H3; try discriminate.
  - destruct u, parts; try discriminate; simpl.
    match goal with |- Rabs ?e <= _ => replace e with 0 by ring end; rewrite Rabs_R0; lra.
  - destruct u as [|t u], parts as [|p parts]; try discriminate; inversion Hu as [|? ? Ht Hu']; subst.
    specialize (IH r u parts den Hd Hu' ltac:(simpl in *; lia) ltac:(simpl in *; lia) ltac:(simpl in *; lia)).
    cbn [rdot map varying next_slopes value];
    change (length (b :: r)) with (S (length r)); rewrite S_INR.
    pose proof (floor_real (first * a + b * hd 0%Z p) den Hd) as F; rewrite plus_IZR, !mult_IZR in F.
    set (v := IZR ((first * a + b * hd 0%Z p) / den)) in *.
    match goal with |- Rabs ?e <= _ => replace e with
      ((IZR first * IZR a + IZR b * IZR (hd 0%Z p) - v * IZR den) * t +
       (IZR first * rdot old u + varying r u (map (fun p => [hd 0%Z p]) parts) 0
        - rdot (next_slopes first old r parts den) u * IZR den)) by ring end.
    eapply Rle_trans; [apply Rabs_triang|]; rewrite Rabs_mult.
    apply IZR_lt in Hd; rewrite (Rabs_pos_eq (_ - _)) by lra.
    assert ((IZR first * IZR a + IZR b * IZR (hd 0%Z p) - v * IZR den) * Rabs t <= IZR den * 1); [|lra].
    apply Rmult_le_compat; [lra|apply Rabs_pos|lra|exact Ht].
Qed.

Theorem next_model_sound : forall m r u gs den k x y, (0 < den)%Z -> units u ->
  length r = length m -> length u = length m -> length gs = length m -> length (slopes k) = length m ->
  Forall (fun z => (0 <= z)%Z) r -> models u x k -> y * IZR den = rcombined (member m r u) gs x ->
  models u y (next_model (combined m gs) gs r den k).
Proof.
  intros m r u gs den [c s e] x y Hd Hu Hr Hl Hg Hs Hp Hx Hy; unfold models in *; cbn [centre slopes slack next_model] in *.
  set (h := x - IZR c); set (spread := (total s + e)%Z).
  assert (Hh : Rabs h <= IZR spread).
  { unfold h, spread; rewrite plus_IZR; pose proof (rdot_bound s u Hu) as B.
    replace (x - IZR c) with (rdot s u + (x - (IZR c + rdot s u))) by ring.
    eapply Rle_trans; [apply Rabs_triang|lra]. }
  rewrite member_combined in Hy by assumption.
  replace x with (IZR c + h) in Hy by (unfold h; ring).
  rewrite <- shift_value, <- varying_shift in Hy.
  set (here := shift (combined m gs) c) in *; set (parts := map (fun g => shift g c) gs) in *.
  rewrite head_tail, (head_tail (tl here)) in Hy.
  set (first := hd 0%Z (tl here)) in *.
  assert (Hlen : length parts = length r) by (unfold parts; rewrite map_length; congruence).
  pose proof (varying_split r u parts h (IZR spread) Hu Hp Hh) as V.
  pose proof (absolute_bound (tl (tl here)) h (IZR spread) Hh) as A.
  pose proof (next_slopes_sound first s r u parts den Hd Hu ltac:(congruence) ltac:(congruence) Hlen) as N.
  set (cross := combined r (map (fun p => absolute (tl p)) parts)) in *.
  set (rest := (Z.abs first * e + spread * (at_integer cross spread + spread * at_integer (absolute (tl (tl here))) spread))%Z).
  pose proof (ceiling_real rest den Hd) as C; pose proof (floor_real (hd 0%Z here) den Hd) as F.
  assert (Hrest : IZR rest = Rabs (IZR first) * IZR e + IZR spread * (value cross (IZR spread) +
    IZR spread * value (absolute (tl (tl here))) (IZR spread))).
  { unfold rest; rewrite plus_IZR, !mult_IZR, plus_IZR, mult_IZR, !at_integer_value, abs_real; reflexivity. }
  rewrite Hrest in C; rewrite !plus_IZR, <- INR_IZR_INZ.
  set (V0 := varying r u (map (fun p => [hd 0%Z p]) parts) 0) in *.
  set (sl := rdot (next_slopes first s r parts den) u) in *.
  assert (D : Rabs ((y - (IZR (hd 0%Z here / den) + sl)) * IZR den) <=
              (IZR (ceiling rest den) + INR (length r) + 1) * IZR den).
  { replace ((y - (IZR (hd 0%Z here / den) + sl)) * IZR den) with
      ((IZR (hd 0%Z here) - IZR (hd 0%Z here / den) * IZR den) + (IZR first * rdot s u + V0 - sl * IZR den)
       + IZR first * (x - (IZR c + rdot s u)) + h * (h * value (tl (tl here)) h) + (varying r u parts h - V0))
      by (rewrite Rmult_minus_distr_r, Hy; unfold h; ring).
    assert (T1 : Rabs (IZR first * (x - (IZR c + rdot s u))) <= Rabs (IZR first) * IZR e).
    { rewrite Rabs_mult; apply Rmult_le_compat_l; [apply Rabs_pos|exact Hx]. }
    assert (T2 : Rabs (h * (h * value (tl (tl here)) h)) <=
      IZR spread * (IZR spread * value (absolute (tl (tl here))) (IZR spread))).
    { rewrite !Rabs_mult; apply Rmult_le_compat; try apply Rabs_pos; [|exact Hh|].
      - apply Rmult_le_pos; apply Rabs_pos.
      - apply Rmult_le_compat; try apply Rabs_pos; assumption. }
    assert (T3 : Rabs (IZR (hd 0%Z here) - IZR (hd 0%Z here / den) * IZR den) <= IZR den)
      by (rewrite Rabs_pos_eq; lra).
    eapply Rle_trans; [apply five_moduli|]; lra. }
  apply IZR_lt in Hd; rewrite Rabs_mult, (Rabs_pos_eq (IZR den)) in D by lra.
  apply Rmult_le_reg_r with (IZR den); assumption.
Qed.
