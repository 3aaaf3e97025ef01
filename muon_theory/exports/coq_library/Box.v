(** * The Bernstein rule on boxes

    A box is cut into cells. On a cell a polynomial is written in the tensor
    Bernstein basis of its degrees: with x = a + (b - a) t and s = 1 - t it is a
    sum of terms b_j t^j s^(k - j), in each variable. If no coefficient is
    negative, the polynomial is not negative on the cell; if moreover those of a
    face are not all 0, it is positive inside that face. *)

From Coq Require Import Reals ZArith QArith List Bool Lra Lia.
From MuonTheory Require Import Polynomial Several.
Import ListNotations.
Local Open Scope R_scope.

(** ** One degree for each variable *)

(** The length up to the last entry that is not 0. *)
Fixpoint used {A : Type} (zero : A -> bool) (p : list A) : nat :=
  match p with
  | [] => O
  | c :: q => match used zero q with O => if zero c then O else 1%nat | k => S k end
  end.
Fixpoint sizes (n : nat) : mpoly n -> list nat :=
  match n with
  | O => fun _ => []
  | S n' => fun p => used (mvanishes n') p :: fold_right (fun c => merge Nat.max (sizes n' c)) [] p
  end.

(** So many entries, filled with zeros or cut off. *)
Fixpoint filled {A : Type} (zero : A) (k : nat) (p : list A) : list A :=
  match k with O => [] | S k' => hd zero p :: filled zero k' (tl p) end.
Fixpoint shaped (n : nat) : list nat -> mpoly n -> mpoly n :=
  match n with
  | O => fun _ c => c
  | S n' => fun ks p => map (shaped n' (tl ks)) (filled (mzero n') (hd O ks) p)
  end.

(** The coefficients up to the degree in each variable. *)
Definition rectangle (n : nat) (p : mpoly n) : mpoly n :=
  let q := shaped n (sizes n p) p in if mvanishes n (madd n p (mscale n (-1) q)) then q else p.

(** It denotes the same function. *)
Lemma rectangle_value : forall n p v, mvalue n (rectangle n p) v = mvalue n p v.
Proof.
  intros n p v; unfold rectangle; destruct (mvanishes _ _) eqn:E; [|reflexivity].
  apply (mvanishes_sound n _ v) in E; rewrite mvalue_add, mvalue_scale in E; lra.
Qed.

(** ** The Bernstein coefficients on [0, 1], by additions alone *)

(** The b_j, last first. One more coefficient c multiplies what is there by s + t = 1, and adds c t^k. *)
Fixpoint one_more (n : nat) (c : mpoly n) (bs : list (mpoly n)) : list (mpoly n) :=
  match bs with [] => [c] | b :: rest => madd n c b :: one_more n b rest end.
Fixpoint bernstein (n : nat) (p bs : list (mpoly n)) : list (mpoly n) :=
  match p with [] => bs | c :: q => bernstein n q (one_more n c bs) end.

Fixpoint homogeneous (n : nat) (bs : list (mpoly n)) (t : R) (v : list R) : R :=
  match bs with [] => 0 | b :: rest => t ^ length rest * mvalue n b v + (1 - t) * homogeneous n rest t v end.

Lemma one_more_length : forall n bs c, length (one_more n c bs) = S (length bs).
Proof. induction bs as [|b rest IH]; intros c; simpl; auto. Qed.
Lemma one_more_value : forall n bs c t v,
  homogeneous n (one_more n c bs) t v = t ^ length bs * mvalue n c v + homogeneous n bs t v.
Proof.
  induction bs as [|b rest IH]; intros c t v; [simpl; ring|].
  cbn [one_more homogeneous]; rewrite IH, one_more_length, mvalue_add; cbn [length pow]; ring.
Qed.
Lemma bernstein_value : forall n p bs t v,
  homogeneous n (bernstein n p bs) t v = homogeneous n bs t v + t ^ length bs * mvalue (S n) p (t :: v).
Proof.
  induction p as [|c p IH]; intros bs t v; [cbn [bernstein]; change (mvalue (S n) [] (t :: v)) with 0; ring|].
  cbn [bernstein]; rewrite IH, one_more_value, one_more_length, mvalue_cons; cbn [pow]; ring.
Qed.

(** No negative term, no negative sum. *)
Lemma homogeneous_nonnegative : forall n bs t v, 0 <= t <= 1 -> (forall b, In b bs -> 0 <= mvalue n b v) ->
  0 <= homogeneous n bs t v.
Proof.
  induction bs as [|b rest IH]; intros t v Ht H; cbn [homogeneous]; [lra|].
  pose proof (Rmult_le_pos _ _ (pow_le t (length rest) (proj1 Ht)) (H b (or_introl eq_refl))).
  pose proof (Rmult_le_pos (1 - t) _ ltac:(lra) (IH t v Ht (fun c Hc => H c (or_intror Hc)))); lra.
Qed.

(** One positive term inside, and the sum is positive. *)
Lemma homogeneous_positive : forall n bs t v, 0 < t < 1 -> (forall b, In b bs -> 0 <= mvalue n b v) ->
  (exists b, In b bs /\ 0 < mvalue n b v) -> 0 < homogeneous n bs t v.
Proof.
  induction bs as [|b rest IH]; intros t v Ht H [d [Hd P]]; [contradiction|]; cbn [homogeneous].
  pose proof (pow_lt t (length rest) (proj1 Ht)) as T.
  pose proof (homogeneous_nonnegative n rest t v ltac:(lra) (fun c Hc => H c (or_intror Hc))) as N.
  destruct Hd as [->|Hd].
  - pose proof (Rmult_lt_0_compat _ _ T P); pose proof (Rmult_le_pos (1 - t) _ ltac:(lra) N); lra.
  - pose proof (Rmult_le_pos _ _ (Rlt_le _ _ T) (H b (or_introl eq_refl))).
    pose proof (Rmult_lt_0_compat (1 - t) _ ltac:(lra)
      (IH t v Ht (fun c Hc => H c (or_intror Hc)) (ex_intro _ d (conj Hd P)))); lra.
Qed.

(** At the ends there is one term. *)
Lemma homogeneous_at_1 : forall n bs v, homogeneous n bs 1 v = mvalue n (hd (mzero n) bs) v.
Proof. intros n [|b rest] v; cbn [homogeneous hd]; [symmetry; apply mvalue_zero|]; rewrite pow1; ring. Qed.
Lemma homogeneous_at_0 : forall n bs v, homogeneous n bs 0 v = mvalue n (last bs (mzero n)) v.
Proof.
  induction bs as [|b [|c rest] IH]; intros v; [symmetry; apply mvalue_zero|cbn; ring|].
  change (last (b :: c :: rest) (mzero n)) with (last (c :: rest) (mzero n)); rewrite <- IH.
  cbn [homogeneous length pow]; ring.
Qed.

(** ** From [a, b] to [0, 1] *)

Definition common (a b : Q) : Z := Z.lcm (Zpos (Qden a)) (Zpos (Qden b)).
Definition over (d : Z) (a : Q) : Z := (Qnum a * (d / Zpos (Qden a)))%Z.

Lemma common_positive : forall a b, 0 < IZR (common a b).
Proof.
  intros a b; apply IZR_lt; unfold common.
  pose proof (Z.lcm_nonneg (Zpos (Qden a)) (Zpos (Qden b))).
  assert (N : Z.lcm (Zpos (Qden a)) (Zpos (Qden b)) <> 0%Z); [|lia].
  intros E; apply Z.lcm_eq_0 in E; destruct E; discriminate.
Qed.
Lemma over_value : forall d a, (Zpos (Qden a) | d)%Z -> IZR (over d a) = IZR d * QR a.
Proof.
  intros d a [k ->]; unfold over; rewrite Z.div_mul by discriminate.
  rewrite QR_quotient, !mult_IZR; field; auto.
Qed.

(** For c of length k: d^k · c((A + B t) / d) / d, and d^k. *)
Fixpoint substitute (n : nat) (A B d : Z) (c : list (mpoly n)) : mpoly (S n) * Z :=
  match c with
  | [] => ([], 1%Z)
  | k :: c' =>
      let (h, e) := substitute n A B d c' in
      (madd (S n) (mscale n e k :: mscale (S n) B h) (mscale (S n) A h), (d * e)%Z)
  end.

(** The polynomial in t on [a, b], times a positive number. *)
Definition moved (n : nat) (p : mpoly (S n)) (a b : Q) : mpoly (S n) :=
  if Qeq_bool a 0 && Qeq_bool b 1 then p
  else let d := common a b in fst (substitute n (over d a) (over d b - over d a) d p).

Lemma substitute_value : forall n A B d c t v x, IZR d * x = IZR A + t * IZR B ->
  let (h, e) := substitute n A B d c in
  IZR e = IZR d ^ length c /\ IZR d * mvalue (S n) h (t :: v) = IZR e * mvalue (S n) c (x :: v).
Proof.
  intros n A B d c t v x Hx; induction c as [|k c IH]; [split; [reflexivity|cbn; ring]|].
  cbn [substitute]; destruct (substitute n A B d c) as [h e]; destruct IH as [He Hh].
  split; [rewrite mult_IZR, He; reflexivity|].
  rewrite mvalue_add, (mvalue_cons n (mscale n e k)), !mvalue_scale, (mvalue_cons n k), mult_IZR.
  replace (IZR d * (IZR e * mvalue n k v + t * (IZR B * mvalue (S n) h (t :: v)) + IZR A * mvalue (S n) h (t :: v)))
    with (IZR d * IZR e * mvalue n k v + (IZR A + t * IZR B) * (IZR d * mvalue (S n) h (t :: v))) by ring.
  rewrite <- Hx, Hh; ring.
Qed.

Lemma moved_multiple : forall n p a b, exists k, 0 < k /\ forall t v,
  mvalue (S n) (moved n p a b) (t :: v) = k * mvalue (S n) p (QR a + t * (QR b - QR a) :: v).
Proof.
  intros n p a b; unfold moved; destruct (_ && _) eqn:U.
  - exists 1; split; [lra|]; intros t v; apply andb_true_iff in U as [Ha Hb].
    apply QR_eq in Ha, Hb; rewrite Ha, Hb; change (QR 0) with 0; change (QR 1) with 1.
    replace (0 + t * (1 - 0)) with t by ring; ring.
  - set (d := common a b); pose proof (common_positive a b) as Hd; fold d in Hd.
    exists (IZR d ^ @length (mpoly n) p / IZR d); split; [apply Rdiv_lt_0_compat; [apply pow_lt|]; exact Hd|]; intros t v.
    pose proof (substitute_value n (over d a) (over d b - over d a) d p t v (QR a + t * (QR b - QR a))) as S.
    destruct (substitute _ _ _ _ p) as [h e]; cbn [fst]; destruct S as [He Hh].
    + rewrite minus_IZR, !over_value by (apply Z.divide_lcm_r || apply Z.divide_lcm_l); ring.
    + apply Rmult_eq_reg_l with (IZR d); [|lra]; rewrite Hh, He; field; lra.
Qed.

(** ** At one value of the first variable *)

(** For c of length k: d^k · c(A / d) / d, and d^k. *)
Fixpoint evaluate (n : nat) (A d : Z) (c : list (mpoly n)) : mpoly n * Z :=
  match c with
  | [] => (mzero n, 1%Z)
  | k :: c' => let (h, e) := evaluate n A d c' in (madd n (mscale n e k) (mscale n A h), (d * e)%Z)
  end.
Definition at_first {n : nat} (y : Q) (p : fraction (S n)) : fraction n :=
  Frac (fst (evaluate n (Qnum y) (Zpos (Qden y)) (num p : list (mpoly n)))) (den p).

Lemma evaluate_value : forall n A d c v x, IZR d * x = IZR A ->
  let (h, e) := evaluate n A d c in
  IZR e = IZR d ^ length c /\ IZR d * mvalue n h v = IZR e * mvalue (S n) c (x :: v).
Proof.
  intros n A d c v x Hx; induction c as [|k c IH]; [split; [reflexivity|cbn [evaluate]; rewrite mvalue_zero; cbn; ring]|].
  cbn [evaluate]; destruct (evaluate n A d c) as [h e]; destruct IH as [He Hh].
  split; [rewrite mult_IZR, He; reflexivity|].
  rewrite mvalue_add, !mvalue_scale, (mvalue_cons n k), mult_IZR, <- Hx.
  replace (IZR d * (IZR e * mvalue n k v + IZR d * x * mvalue n h v))
    with (IZR d * IZR e * mvalue n k v + IZR d * x * (IZR d * mvalue n h v)) by ring.
  rewrite Hh; ring.
Qed.

(** It has the sign of the polynomial there. *)
Lemma at_first_positive : forall n y (p : fraction (S n)) v, 0 < fvalue (at_first y p) v -> 0 < fvalue p (QR y :: v).
Proof.
  intros n y [p k] v H; unfold at_first, fvalue in *; cbn [num den] in *.
  pose proof (evaluate_value n (Qnum y) (Zpos (Qden y)) p v (QR y)) as E.
  destruct (evaluate _ _ _ p) as [h e]; cbn [fst] in H; destruct E as [He Hh]; [rewrite QR_quotient; field; auto|].
  pose proof (positive_real (Qden y)) as D; pose proof (positive_real k) as K.
  apply Rdiv_lt_0_compat; [|exact K]; apply Rmult_lt_reg_l with (IZR e); [rewrite He; apply pow_lt, D|].
  rewrite Rmult_0_r, <- Hh; apply Rmult_lt_0_compat; [exact D|].
  apply Rmult_lt_reg_r with (/ IZR (Zpos k)); [apply Rinv_0_lt_compat, K|]; rewrite Rmult_0_l; exact H.
Qed.

(** ** A cell *)

(** Where a coordinate lies in its interval. *)
Inductive side := First | Inner | Final.
Definition at_side (i : Q * Q) (s : side) (x : R) : Prop :=
  match s with First => x = QR (fst i) | Final => x = QR (snd i) | Inner => QR (fst i) < x < QR (snd i) end.
Fixpoint at_sides (cell : list (Q * Q)) (face : list side) (v : list R) : Prop :=
  match cell, face, v with
  | [], [], [] => True
  | i :: cell', s :: face', x :: v' => at_side i s x /\ at_sides cell' face' v'
  | _, _, _ => False
  end.

Lemma at_side_by : forall i s x, at_side i s x -> exists t, x = QR (fst i) + t * (QR (snd i) - QR (fst i)) /\
  match s with First => t = 0 | Final => t = 1 | Inner => 0 < t < 1 end.
Proof.
  intros [a b] [| |] x H; cbn [at_side fst snd] in *; [exists 0; split; [lra|reflexivity]| |exists 1; split; [lra|reflexivity]].
  assert (N : 0 < QR b - QR a) by lra; exists ((x - QR a) / (QR b - QR a)); split; [field; lra|].
  split; [apply Rdiv_lt_0_compat; lra|apply Rmult_lt_reg_r with (QR b - QR a); [exact N|]].
  unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra.
Qed.

(** The tensor Bernstein coefficients, each times a positive number; a negative one if there are too few intervals. *)
Fixpoint tensor (n : nat) : mpoly n -> list (Q * Q) -> mpoly n :=
  match n with
  | O => fun c _ => c
  | S n' => fun p cell =>
      match cell with
      | [] => mconstant (S n') (-1)
      | (a, b) :: cell' => map (fun c => tensor n' c cell') (bernstein n' (moved n' p a b) [])
      end
  end.

Fixpoint none_negative (n : nat) : mpoly n -> bool :=
  match n with O => Z.leb 0 | S n' => forallb (none_negative n') end.

(** One of those of a face is positive. *)
Fixpoint some_positive (n : nat) : list side -> mpoly n -> bool :=
  match n with
  | O => fun _ => Z.ltb 0
  | S n' => fun face bs =>
      match face with
      | First :: face' => some_positive n' face' (last bs (mzero n'))
      | Final :: face' => some_positive n' face' (hd (mzero n') bs)
      | Inner :: face' => existsb (some_positive n' face') bs
      | [] => false
      end
  end.

Lemma minus_one_negative : forall n, none_negative n (mconstant n (-1)) = false.
Proof. induction n as [|n IH]; [reflexivity|]; simpl; rewrite IH; reflexivity. Qed.

Lemma zero_not_positive : forall n face, some_positive n face (mzero n) = false.
Proof. induction n as [|n IH]; intros [|[| |] face]; cbn; auto; apply IH. Qed.

(** An entry at an end of the list, if there is one. *)
Lemma last_in : forall (A : Type) (l : list A) d, l = [] \/ In (last l d) l.
Proof.
  intros A l d; induction l as [|a [|b l] IH]; [left; reflexivity|right; left; reflexivity|].
  destruct IH as [E|H]; [discriminate|right; right; exact H].
Qed.
Lemma last_map : forall (A B : Type) (f : A -> B) l d e, l <> [] -> last (map f l) d = f (last l e).
Proof.
  intros A B f l d e; induction l as [|a [|b l] IH]; intros N; [contradiction|reflexivity|].
  apply IH; discriminate.
Qed.

(** What the coefficients say of the polynomial. *)
Lemma tensor_nonnegative : forall n p cell face v, none_negative n (tensor n p cell) = true ->
  at_sides cell face v -> 0 <= mvalue n p v.
Proof.
  induction n as [|n IH]; intros p cell face v H Hv; [apply IZR_le, Z.leb_le, H|].
  destruct cell as [|[a b] cell]; [cbn [tensor] in H; rewrite minus_one_negative in H; discriminate|].
  destruct face as [|s face], v as [|x v]; try contradiction; destruct Hv as [Hx Hv].
  destruct (at_side_by _ _ _ Hx) as [t [E Ht]]; cbn [fst snd] in E; subst x.
  destruct (moved_multiple n p a b) as [k [Hk M]]; specialize (M t v).
  pose proof (bernstein_value n (moved n p a b) [] t v) as B; cbn [homogeneous length pow] in B.
  rewrite Rplus_0_l, Rmult_1_l, M in B; apply Rmult_le_reg_l with k; [exact Hk|]; rewrite Rmult_0_r, <- B.
  apply homogeneous_nonnegative; [destruct s; lra|]; intros c Hc.
  cbn [tensor none_negative] in H; rewrite forallb_forall in H; exact (IH c cell face v (H _ (in_map _ _ _ Hc)) Hv).
Qed.
Lemma tensor_positive : forall n p cell face v, none_negative n (tensor n p cell) = true ->
  some_positive n face (tensor n p cell) = true -> at_sides cell face v -> 0 < mvalue n p v.
Proof.
  induction n as [|n IH]; intros p cell face v H P Hv; [apply IZR_lt, Z.ltb_lt, P|].
  destruct cell as [|[a b] cell]; [cbn [tensor] in H; rewrite minus_one_negative in H; discriminate|].
  destruct face as [|s face], v as [|x v]; try contradiction; destruct Hv as [Hx Hv].
  destruct (at_side_by _ _ _ Hx) as [t [E Ht]]; cbn [fst snd] in E; subst x.
  destruct (moved_multiple n p a b) as [k [Hk M]]; specialize (M t v).
  pose proof (bernstein_value n (moved n p a b) [] t v) as B; cbn [homogeneous length pow] in B.
  rewrite Rplus_0_l, Rmult_1_l, M in B; apply Rmult_lt_reg_l with k; [exact Hk|]; rewrite Rmult_0_r, <- B.
  cbn [tensor none_negative some_positive] in H, P; rewrite forallb_forall in H.
  set (bs := bernstein n (moved n p a b) []) in *; clearbody bs.
  assert (N : forall c, In c bs -> 0 <= mvalue n c v)
    by (intros c Hc; exact (tensor_nonnegative n c cell face v (H _ (in_map _ _ _ Hc)) Hv)).
  assert (One : forall c, In c bs -> some_positive n face (tensor n c cell) = true -> 0 < mvalue n c v)
    by (intros c Hc Pc; exact (IH c cell face v (H _ (in_map _ _ _ Hc)) Pc Hv)).
  destruct s; [| |].
  - rewrite Ht, homogeneous_at_0; destruct (last_in _ bs (mzero n)) as [E|Hl].
    + rewrite E in P; cbn in P; rewrite zero_not_positive in P; discriminate.
    + apply (One _ Hl); rewrite <- (last_map _ _ (fun c => tensor n c cell) bs (mzero n)); [exact P|].
      intros E; rewrite E in Hl; contradiction.
  - rewrite existsb_exists in P; destruct P as [d [Hd P]]; apply in_map_iff in Hd as [c [<- Hc]].
    apply homogeneous_positive; [exact Ht|exact N|exists c; split; [exact Hc|exact (One c Hc P)]].
  - rewrite Ht, homogeneous_at_1; destruct bs as [|b' bs]; cbn [map hd] in P |- *.
    + rewrite zero_not_positive in P; discriminate.
    + apply (One b' (or_introl eq_refl) P).
Qed.

(** ** Boxes *)

(** An interval, which of its ends belong to it, and where it is cut. *)
Record axis := Axis { low : Q; low_in : bool; high : Q; high_in : bool; cuts : list Q }.

Definition in_axis (i : axis) (x : R) : Prop :=
  (if low_in i then QR (low i) <= x else QR (low i) < x) /\
  (if high_in i then x <= QR (high i) else x < QR (high i)).

Fixpoint in_box (box : list axis) (v : list R) : Prop :=
  match box, v with
  | [], [] => True
  | i :: box', x :: v' => in_axis i x /\ in_box box' v'
  | _, _ => False
  end.

(** The intervals between the cuts, each with where a coordinate may lie in it. *)
Fixpoint intervals (a : Q) (a_in : bool) (splits : list Q) (b : Q) (b_in : bool) : list (Q * Q * list side) :=
  let from := if a_in then [First; Inner] else [Inner] in
  match splits with
  | [] => [(a, b, if b_in then Final :: from else from)]
  | s :: splits' => (a, s, from) :: intervals s true splits' b b_in
  end.
Definition intervals_of (i : axis) : list (Q * Q * list side) := intervals (low i) (low_in i) (cuts i) (high i) (high_in i).

(** They cover it. *)
Lemma intervals_cover : forall splits a a_in b b_in x, in_axis (Axis a a_in b b_in splits) x ->
  exists i s, In i (intervals a a_in splits b b_in) /\ In s (snd i) /\ at_side (fst i) s x.
Proof.
  induction splits as [|q splits IH]; intros a a_in b b_in x [Ha Hb]; cbn [low low_in high high_in intervals] in *.
  - eexists (a, b, _); destruct (Req_dec x (QR a)) as [Ea|Na]; [exists First|destruct (Req_dec x (QR b)) as [Eb|Nb];
      [exists Final|exists Inner]]; (split; [left; reflexivity|]); destruct a_in, b_in; cbn [In snd fst at_side]; split; auto; lra.
  - destruct (Rtotal_order x (QR q)) as [L|G].
    + eexists (a, q, _); destruct (Req_dec x (QR a)) as [Ea|Na]; [exists First|exists Inner];
        (split; [left; reflexivity|]); destruct a_in; cbn [In snd fst at_side]; split; auto; lra.
    + destruct (IH q true b b_in x) as [i [s [Hi H]]]; [split; cbn; [lra|exact Hb]|].
      exists i, s; split; [right; exact Hi|exact H].
Qed.

Fixpoint choices {A : Type} (axes : list (list A)) : list (list A) :=
  match axes with
  | [] => [[]]
  | ss :: axes' => flat_map (fun s => map (cons s) (choices axes')) ss
  end.

Lemma in_choices : forall (A : Type) (s : A) ss c axes, In s ss -> In c (choices axes) -> In (s :: c) (choices (ss :: axes)).
Proof. intros A s ss c axes Hs Hc; apply in_flat_map; exists s; split; [exact Hs|apply in_map, Hc]. Qed.

(** The cells of a box, each with its faces, hold every point of it. *)
Lemma cells_hold : forall box v, in_box box v -> exists cell face,
  In cell (choices (map intervals_of box)) /\ In face (choices (map snd cell)) /\ at_sides (map fst cell) face v.
Proof.
  induction box as [|i box IH]; intros [|x v] H; try contradiction.
  - exists [], []; repeat split; left; reflexivity.
  - destruct H as [Hx Hv]; destruct i as [a a_in b b_in splits].
    destruct (intervals_cover _ _ _ _ _ _ Hx) as [j [s [Hj [Hs Hxs]]]]; destruct (IH v Hv) as [cell [face [Hc [Hf Hvs]]]].
    exists (j :: cell), (s :: face); cbn [map at_sides]; repeat split; try assumption; apply in_choices; assumption.
Qed.

(** ** The rule *)

(** The coefficients on each cell pass the test. *)
Definition on_cells {n : nat} (good : list (list side) -> mpoly n -> bool) (box : list axis) (p : fraction n) : bool :=
  let q := rectangle n (num p) in
  forallb (fun cell => good (choices (map snd cell)) (tensor n q (map fst cell))) (choices (map intervals_of box)).

Definition nonnegative_on {n : nat} : list axis -> fraction n -> bool := on_cells (fun _ => none_negative n).
Definition positive_on {n : nat} : list axis -> fraction n -> bool :=
  on_cells (fun faces b => none_negative n b && forallb (fun face => some_positive n face b) faces).

(** THE RULE on a box, ≥ 0: what is computed implies what is meant. *)
Theorem nonnegative_on_sound : forall n box (p : fraction n), nonnegative_on box p = true ->
  forall v, in_box box v -> 0 <= fvalue p v.
Proof.
  intros n box p H v Hv; unfold nonnegative_on, on_cells in H; rewrite forallb_forall in H.
  destruct (cells_hold box v Hv) as [cell [face [Hc [_ Hin]]]].
  apply Rmult_le_pos; [rewrite <- rectangle_value|apply Rlt_le, Rinv_0_lt_compat; auto].
  exact (tensor_nonnegative n _ _ face v (H cell Hc) Hin).
Qed.

(** THE RULE on a box, > 0. *)
Theorem positive_on_sound : forall n box (p : fraction n), positive_on box p = true ->
  forall v, in_box box v -> 0 < fvalue p v.
Proof.
  intros n box p H v Hv; unfold positive_on, on_cells in H; rewrite forallb_forall in H.
  destruct (cells_hold box v Hv) as [cell [face [Hc [Hf Hin]]]].
  specialize (H cell Hc); apply andb_true_iff in H as [H0 P]; rewrite forallb_forall in P.
  apply Rdiv_lt_0_compat; [rewrite <- rectangle_value|auto].
  exact (tensor_positive n _ _ face v H0 (P face Hf) Hin).
Qed.
