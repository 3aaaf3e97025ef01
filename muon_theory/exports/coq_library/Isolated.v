(** * threshold with one parameter: the only root in an isolating interval

    m rises, or falls, all over the window, and its sign at the ends of the
    isolating interval puts the root between them. *)

From Coq Require Import Reals ZArith QArith List Bool Lra.
From MuonTheory Require Import Polynomial Several Box Monomials Families Region Threshold.
Import ListNotations.
Local Open Scope R_scope.

(** p(q) ≥ 0, by evaluation. *)
Definition not_negative_at (p : fraction 1) (q : Q) : bool := nonnegative_on [Axis q true q true []] p.

(** It is. *)
Lemma not_negative_at_sound : forall p q, not_negative_at p q = true -> 0 <= fvalue p [QR q].
Proof.
  intros p q H; apply (nonnegative_on_sound 1 _ p H); split; [split; apply Rle_refl|exact I].
Qed.

(** p rises on [w0, w1], p(lo) ≤ 0 ≤ p(hi). *)
Definition rises_through (p : fraction 1) (w0 w1 lo hi : Q) (splits : list Q) : bool :=
  Qle_bool w0 lo && Qle_bool lo hi && Qle_bool hi w1 && not_negative_at (fopp p) lo && not_negative_at p hi &&
  positive_cut [closed w0 w1] (fderivative p) [splits].

(** A root in the window is the only one, and lies in [lo, hi]. *)
Lemma rises_through_sound : forall p w0 w1 lo hi splits r, rises_through p w0 w1 lo hi splits = true ->
  QR w0 < r < QR w1 -> fvalue p [r] = 0 ->
  QR lo <= r <= QR hi /\ forall a, QR w0 <= a <= QR w1 -> fvalue p [a] = 0 -> a = r.
Proof.
  intros p w0 w1 lo hi splits r H Hr E; unfold rises_through in H.
  repeat (apply andb_true_iff in H as [H ?H]).
  rename H into Hlo, H4 into Hlh, H3 into Hhi, H2 into Nlo, H1 into Nhi, H0 into Hd.
  apply QR_le in Hlo, Hlh, Hhi; apply not_negative_at_sound in Nlo, Nhi; rewrite fvalue_opp in Nlo.
  assert (Rise : forall a b, QR w0 <= a -> a < b -> b <= QR w1 -> fvalue p [a] < fvalue p [b]).
  { intros a b Ha Hab Hb.
    destruct (MVT_cor2 (fun a => fvalue p [a]) (fun a => fvalue (fderivative p) [a]) a b Hab)
      as [c [Ec Hc]]; [intros; apply fvalue_derivative|].
    pose proof (positive_cut_sound _ _ _ _ Hd [c] (conj (conj (Rle_trans _ _ _ Ha (Rlt_le _ _ (proj1 Hc)))
      (Rle_trans _ _ _ (Rlt_le _ _ (proj2 Hc)) Hb)) I)) as P.
    cbn beta in Ec; nra. }
  split; [split; apply Rnot_lt_le; intros C|].
  - pose proof (Rise r (QR lo) ltac:(lra) C ltac:(lra)); lra.
  - pose proof (Rise (QR hi) r ltac:(lra) C ltac:(lra)); lra.
  - intros a Ha Ea; destruct (Rtotal_order a r) as [L|[G|G]]; [|exact G|].
    + pose proof (Rise a r ltac:(lra) L ltac:(lra)); lra.
    + pose proof (Rise r a ltac:(lra) G ltac:(lra)); lra.
Qed.

(** α is the only root of m in the window, and lies in the isolating interval. *)
Theorem threshold_alone : forall rows what c a0 a1 ms d lo hi alone F m,
  (forall a x, F a x = family_text rows [a] x) /\ (forall a, m a = sum_text ms [a]) ->
  threshold_test rows what c a0 a1 [] ms d &&
    (rises_through (sum_of 1 ms) (fst (window d)) (snd (window d)) lo hi alone ||
     rises_through (fopp (sum_of 1 ms)) (fst (window d)) (snd (window d)) lo hi alone) = true ->
  exists alpha, QR (fst (window d)) < alpha < QR (snd (window d)) /\ QR lo <= alpha <= QR hi /\ m alpha = 0 /\
    (forall a, QR (fst (window d)) <= a <= QR (snd (window d)) -> m a = 0 -> a = alpha) /\
    (forall a, QR a0 < a < alpha -> follows what (F a)) /\
    (forall a, alpha < a <= QR a1 -> fails c (F a)).
Proof.
  intros rows what c a0 a1 ms d lo hi alone F m Hw H; apply andb_true_iff in H as [H Hr].
  destruct (threshold rows what c a0 a1 [] ms d [] F m I Hw H) as [alpha [Ha [E [Before After]]]].
  destruct Hw as [_ Hm].
  assert (V : forall a, m a = fvalue (sum_of 1 ms) [a]) by (intros a; rewrite Hm; apply (sum_value ms [a])).
  assert (G : QR lo <= alpha <= QR hi /\
    forall a, QR (fst (window d)) <= a <= QR (snd (window d)) -> fvalue (sum_of 1 ms) [a] = 0 -> a = alpha).
  { rewrite V in E; apply orb_true_iff in Hr as [Hr|Hr].
    - exact (rises_through_sound _ _ _ _ _ _ alpha Hr Ha E).
    - destruct (rises_through_sound _ _ _ _ _ _ alpha Hr Ha) as [In U]; [rewrite fvalue_opp; lra|].
      split; [exact In|]; intros a Hin Ea; apply U; [exact Hin|rewrite fvalue_opp; lra]. }
  destruct G as [In U]; exists alpha; repeat split; try apply Ha; try apply In; try assumption.
  intros a Hin Ea; apply U; [exact Hin|rewrite <- V; exact Ea].
Qed.
