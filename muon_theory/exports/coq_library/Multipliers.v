(** * What a multiplier says, for every differentiable map *)

From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
Local Open Scope R_scope.

(** A limit of an orbit is fixed. *)
Theorem limit_is_fixed : forall f p x0, continuity_pt f p ->
  is_lim_seq (fun n => Nat.iter n f x0) p -> f p = p.
Proof.
  intros f p x0 Hf H.
  assert (A : is_lim_seq (fun n => f (Nat.iter n f x0)) (f p)).
  { apply is_lim_seq_continuous; [exact Hf|exact H]. }
  assert (B : is_lim_seq (fun n => Nat.iter (S n) f x0) p) by (apply is_lim_seq_incr_1 in H; exact H).
  pose proof (is_lim_seq_unique _ _ A) as UA; pose proof (is_lim_seq_unique _ _ B) as UB.
  simpl in UB; rewrite UA in UB; injection UB; auto.
Qed.

(** Near p, |f(x) - p| lies between (|d| - e)|x - p| and (|d| + e)|x - p|. *)
Lemma near_fixed : forall f p d e, f p = p -> derivable_pt_lim f p d -> 0 < e ->
  exists delta, 0 < delta /\ forall x, Rabs (x - p) < delta ->
  (Rabs d - e) * Rabs (x - p) <= Rabs (f x - p) <= (Rabs d + e) * Rabs (x - p).
Proof.
  intros f p d e Hp D He; destruct (D e He) as [[delta Hd] H]; exists delta; split; [exact Hd|].
  intros x Hx; destruct (Req_dec x p) as [->|N].
  { rewrite Hp; replace (p - p) with 0 by ring; rewrite Rabs_R0; lra. }
  assert (Hh : x - p <> 0) by lra.
  specialize (H (x - p) Hh Hx); rewrite Hp in H; replace (p + (x - p)) with x in H by ring.
  assert (E : f x - p = ((f x - p) / (x - p)) * (x - p)) by (field; exact Hh).
  set (q := (f x - p) / (x - p)) in *; rewrite E, Rabs_mult.
  pose proof (Rabs_triang_inv d q) as T1; pose proof (Rabs_triang_inv q d) as T2.
  rewrite (Rabs_minus_sym d q) in T1; pose proof (Rabs_pos (x - p)); split; apply Rmult_le_compat_r; lra.
Qed.

(** |f'(p)| < 1 is sufficient: orbits from near p tend to p. *)
Theorem attraction : forall f p d, f p = p -> derivable_pt_lim f p d -> Rabs d < 1 ->
  exists delta, 0 < delta /\ forall x0, Rabs (x0 - p) < delta -> is_lim_seq (fun n => Nat.iter n f x0) p.
Proof.
  intros f p d Hp D Hd; pose proof (Rabs_pos d).
  destruct (near_fixed f p d ((1 - Rabs d) / 2) Hp D ltac:(lra)) as [delta [Hdelta H1]].
  set (k := Rabs d + (1 - Rabs d) / 2) in *; assert (Hk : 0 <= k < 1) by (unfold k; lra).
  exists delta; split; [exact Hdelta|]; intros x0 Hx0.
  assert (B : forall n, Rabs (Nat.iter n f x0 - p) <= k ^ n * Rabs (x0 - p)).
  { induction n as [|n IH]; [simpl; lra|].
    assert (k ^ n * Rabs (x0 - p) <= Rabs (x0 - p)).
    { pose proof (pow_incr k 1 n ltac:(lra)) as P; rewrite pow1 in P; pose proof (Rabs_pos (x0 - p)).
      pose proof (Rmult_le_compat_r (Rabs (x0 - p)) _ _ ltac:(lra) P); lra. }
    pose proof (H1 (Nat.iter n f x0) ltac:(lra)) as [_ U].
    change (Nat.iter (S n) f x0) with (f (Nat.iter n f x0)); simpl; rewrite Rmult_assoc.
    apply Rle_trans with (1 := U); apply Rmult_le_compat_l; [lra|exact IH]. }
  apply is_lim_seq_ext with (fun n => (Nat.iter n f x0 - p) + p); [intros; ring|].
  replace (Finite p) with (Rbar_plus 0 p) by (simpl; f_equal; ring).
  apply is_lim_seq_plus'; [|apply is_lim_seq_const].
  apply is_lim_seq_abs_0, (is_lim_seq_le_le (fun _ => 0) _ (fun n => k ^ n * Rabs (x0 - p))).
  - intros n; split; [apply Rabs_pos|apply B].
  - apply is_lim_seq_const.
  - replace (Finite 0) with (Rbar_mult 0 (Rabs (x0 - p))) by (simpl; f_equal; ring).
    apply is_lim_seq_mult'; [|apply is_lim_seq_const].
    apply is_lim_seq_geom; rewrite Rabs_pos_eq; lra.
Qed.

(** |f'(p)| ≤ 1 is necessary: else an orbit tends to p only by landing on it. *)
Theorem repulsion : forall f p d x0, f p = p -> derivable_pt_lim f p d -> 1 < Rabs d ->
  is_lim_seq (fun n => Nat.iter n f x0) p -> exists n, Nat.iter n f x0 = p.
Proof.
  intros f p d x0 Hp D Hd H.
  destruct (near_fixed f p d (Rabs d - 1) Hp D ltac:(lra)) as [delta [Hdelta H1]].
  pose proof (proj2 (is_lim_seq_spec _ _) H) as Near; simpl in Near.
  destruct (Near (mkposreal delta Hdelta)) as [N HN]; simpl in HN.
  destruct (Req_dec (Nat.iter N f x0) p) as [E|E]; [exists N; exact E|exfalso].
  assert (G : forall m, Rabs (Nat.iter N f x0 - p) <= Rabs (Nat.iter (N + m) f x0 - p)).
  { induction m as [|m IH]; [rewrite Nat.add_0_r; lra|].
    replace (N + S m)%nat with (S (N + m)) by lia.
    change (Nat.iter (S (N + m)) f x0) with (f (Nat.iter (N + m) f x0)).
    pose proof (H1 (Nat.iter (N + m) f x0) (HN (N + m)%nat ltac:(lia))) as [L _]; lra. }
  set (r := Rabs (Nat.iter N f x0 - p)) in *; assert (Hr : 0 < r) by (apply Rabs_pos_lt; lra).
  destruct (Near (mkposreal r Hr)) as [M HM]; simpl in HM.
  specialize (HM (N + M)%nat ltac:(lia)); specialize (G M); lra.
Qed.
