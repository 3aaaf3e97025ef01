(** * From a text to certificates

    What [check.py] reads, and refuses to read: an object has the keys of its
    place and no others, a rational is a string in lowest terms, a list has the
    length of its place. Whether a witness proves its claim is not decided here. *)

From Coq Require Import ZArith QArith List Bool.
From MuonTheory Require Import Polynomial Schedule Chains Bands Several Box Monomials Families Region Threshold
  Json Certificate.
From MuonTheory Require Exceptions.
Import ListNotations.
Local Open Scope piece_scope.
Local Open Scope nat_scope.

Notation "'let?' p := e 'in' f" := (match e with Some p => f | None => None end)
  (at level 200, p pattern, f at level 200, right associativity).
Notation "'want' e 'in' f" := (if e then f else None) (at level 200, f at level 200, right associativity).

Definition is (s : list byte) (word : piece) : bool := same s (bytes_of word).

(** ** Lists and objects *)

Fixpoint all_some {A B : Type} (read : A -> option B) (l : list A) : option (list B) :=
  match l with
  | [] => Some []
  | a :: l' => let? b := read a in let? bs := all_some read l' in Some (b :: bs)
  end.

Definition array (j : json) : option (list json) := match j with Array l => Some l | _ => None end.
Definition each {B : Type} (read : json -> option B) (j : json) : option (list B) :=
  let? l := array j in all_some read l.
Definition so_many {B : Type} (count : nat) (read : json -> option B) (j : json) : option (list B) :=
  let? l := array j in want Nat.eqb (length l) count in all_some read l.
Definition pair_of {B : Type} (read : json -> option B) (j : json) : option (B * B) :=
  match j with Array [a; b] => let? a := read a in let? b := read b in Some (a, b) | _ => None end.

Definition word (j : json) : option (list byte) := match j with String s => Some s | _ => None end.
Definition anything (j : json) : option json := Some j.

Fixpoint lookup (key : piece) (entries : list (list byte * json)) : option json :=
  match entries with
  | [] => None
  | (k, v) :: rest => if is k key then Some v else lookup key rest
  end.
Definition has (key : piece) (j : json) : bool :=
  match j with Object entries => match lookup key entries with Some _ => true | None => false end | _ => false end.

(** The values of the required keys and of those of the optional ones that are there; there are no other keys. *)
Definition fields_or (required optional : list piece) (j : json) : option (list json * list json) :=
  match j with
  | Object entries =>
      want forallb (fun e => existsb (is (fst e)) (required ++ optional)) entries in
      let? values := all_some (fun k => lookup k entries) required in
      Some (values, flat_map (fun k => match lookup k entries with Some v => [v] | None => [] end) optional)
  | _ => None
  end.
Definition fields (required : list piece) (j : json) : option (list json) := option_map fst (fields_or required [] j).

(** ** Numbers *)

Fixpoint digits (s : list byte) (value : Z) : Z * list byte :=
  match s with
  | b :: rest => match digit b with Some d => digits rest (10 * value + d)%Z | None => (value, s) end
  | [] => (value, [])
  end.

(** A natural number without leading zeros, and what follows it. *)
Definition natural (s : list byte) : option (Z * list byte) :=
  match s with
  | b :: rest => let? d := digit b in if Z.eqb d 0 then Some (0%Z, rest) else Some (digits rest d)
  | [] => None
  end.

Definition longest_rational : nat := 2000.

Definition rational (j : json) : option Q :=
  let? s := word j in
  want Nat.leb (length s) longest_rational in
  let (negative, s) := match s with ("-"%byte) :: rest => (true, rest) | _ => (false, s) end in
  let? (n, rest) := natural s in
  let n := if negative then (- n)%Z else n in
  match rest with
  | [] => want negb (negative && Z.eqb n 0) in Some (n # 1)%Q
  | ("/"%byte) :: rest =>
      match natural rest with
      | Some (Zpos d, []) => want negb (Pos.eqb d 1) && Z.eqb (Z.gcd n (Zpos d)) 1 in Some (n # d)%Q
      | _ => None
      end
  | _ => None
  end.

Definition rationals := each rational.

Definition interval_of (j : json) : option interval :=
  let? (lo, hi) := pair_of rational j in want Qle_bool lo hi in Some (lo, hi).

Definition integer (least most : Z) (j : json) : option nat :=
  match j with Integer z => want Z.leb least z && Z.leb z most in Some (Z.to_nat z) | _ => None end.
Definition count : json -> option nat := integer 1 64.

(** How many values: not more, so that the number can be written one by one. *)
Definition most_exceptions : Z := 5000.
Definition exceptions_of : json -> option nat := integer 0 most_exceptions.

Definition boolean (j : json) : option bool := match j with Boolean b => Some b | _ => None end.

(** One entry for each step, or none at all. *)
Definition one_each {A : Type} (count : nat) (l : list A) : option (list (option A)) :=
  match l with
  | [] => Some (repeat None count)
  | _ => want Nat.eqb (length l) count in Some (map Some l)
  end.

(** What each step of [all-but] is allowed. *)
Definition allowances (errors shares rests norms : list Q) : option (list Exceptions.allowance) :=
  let n := length errors in
  want Nat.eqb (length shares) (length rests) in
  let? relative := one_each n (combine shares rests) in
  let? norms := one_each n norms in
  Some (map (fun a => Exceptions.Allowance (fst (fst a)) (snd (fst a)) (snd a)) (combine (combine errors relative) norms)).
Definition has_shares (given : list Exceptions.allowance) : bool :=
  existsb (fun a => match Exceptions.relative a with Some _ => true | None => false end) given.

(** ** Polynomials in parameters *)

Definition monomial_of (n : nat) (j : json) : option monomial :=
  match j with
  | Array [c; es] => let? c := rational c in let? es := so_many n (integer 0 64) es in Some (c, es)
  | _ => None
  end.

Definition equal_nats (a b : list nat) : bool := all2 Nat.eqb a b.

Fixpoint different (ms : list monomial) : bool :=
  match ms with [] => true | (_, es) :: rest => negb (existsb (fun m => equal_nats es (snd m)) rest) && different rest end.

Definition polynomial_of (n : nat) (j : json) : option (list monomial) :=
  let? ms := each (monomial_of n) j in want different ms in Some ms.

(** (parameters, y) in the order (y, parameters). *)
Definition turned {A : Type} (l : list A) : list A := match rev l with [] => [] | y :: rest => y :: rev rest end.
Definition turned_polynomial (n : nat) (j : json) : option (list monomial) :=
  option_map (map (fun m => (fst m, turned (snd m)))) (polynomial_of (S n) j).

Definition is_zero (q : Q) : bool := Z.eqb (Qnum q) 0.
Definition vanishes (ms : list monomial) : bool := forallb (fun m => is_zero (fst m)) ms.

(** Without zeros, by exponents: equal polynomials are equal lists. *)
Fixpoint before (a b : list nat) : bool :=
  match a, b with x :: a', y :: b' => Nat.ltb x y || (Nat.eqb x y && before a' b') | _, _ => false end.
Fixpoint insert (m : monomial) (ms : list monomial) : list monomial :=
  match ms with [] => [m] | k :: rest => if before (snd k) (snd m) then k :: insert m rest else m :: ms end.
Definition normal (ms : list monomial) : list monomial :=
  fold_right insert [] (filter (fun m => negb (is_zero (fst m))) ms).
Definition equal_monomials (p q : list monomial) : bool :=
  all2 (fun a b => Qeq_bool (fst a) (fst b) && equal_nats (snd a) (snd b)) p q.

(** ** The subject *)

(** A row without zeros at its end; its first coefficient stays. *)
Fixpoint trimmed {A : Type} (zero : A -> bool) (l : list A) : list A :=
  match l with
  | [] => []
  | a :: rest => match trimmed zero rest with [] => if zero a then [] else [a] | rest' => a :: rest' end
  end.
Definition row_without {A : Type} (zero : A -> bool) (l : list A) : list A :=
  match l with [] => [] | a :: rest => a :: trimmed zero rest end.

Definition few {A : Type} (most : nat) (l : list A) : bool := negb (Nat.eqb (length l) 0) && Nat.leb (length l) most.

Definition rows_of {A : Type} (read : json -> option A) (zero : A -> bool) (j : json) : option (list (list A)) :=
  let? rows := each (each read) j in
  want few 64 rows && forallb (few 33) rows in Some (map (row_without zero) rows).

Fixpoint different_words (l : list (list byte)) : bool :=
  match l with [] => true | s :: rest => negb (existsb (same s) rest) && different_words rest end.
Definition parameters_of (j : json) : option nat :=
  let? names := each word j in want few 3 names && different_words names in Some (length names).

Definition closed_axis (i : interval) : axis := Axis (fst i) true (snd i) true [].
Definition open_axis (i : interval) : axis := Axis (fst i) false (snd i) false [].

Definition box_of (n : nat) (j : json) : option (list axis) := option_map (map closed_axis) (so_many n interval_of j).

Definition constant {A : Type} (equal : A -> A -> bool) (rows : list (list A)) : bool :=
  match rows with [] => false | r :: rest => forallb (all2 equal r) rest end.

(** ** Claims about steps *)

Definition claim_of (j : json) : option claim :=
  let? kind := match j with Object entries => lookup "type" entries | _ => None end in
  let? kind := word kind in
  let ask (keys : list piece) := fields ("type" :: keys)%piece j in
  let is := is kind in
  if is "maps-into" then
    match ask ["start"; "target"] with
    | Some [_; i; k] => let? i := interval_of i in let? k := interval_of k in Some (MapsInto i k) | _ => None end
  else if is "attains" then
    match ask ["start"; "contains"] with
    | Some [_; i; k] => let? i := interval_of i in let? k := interval_of k in Some (Attains i k) | _ => None end
  else if is "robust-band" then
    match ask ["start"; "target"; "errors"] with
    | Some [_; i; k; es] =>
        let? i := interval_of i in let? k := interval_of k in let? es := rationals es in Some (RobustBand i k es)
    | _ => None end
  else if is "all-but" then
    match ask ["start"; "target"; "errors"; "shares"; "rests"; "norms"; "exceptions"] with
    | Some [_; i; k; es; ss; rs; ns; x] =>
        let? i := interval_of i in let? k := interval_of k in
        let? es := rationals es in let? ss := rationals ss in let? rs := rationals rs in let? ns := rationals ns in
        let? x := exceptions_of x in
        let? given := allowances es ss rs ns in Some (AllBut i k given x)
    | _ => None end
  else if is "sign-safe" then
    match ask ["upper"] with Some [_; u] => option_map SignSafe (rational u) | _ => None end
  else if is "slope" then
    match ask ["value"] with Some [_; v] => option_map Slope (rational v) | _ => None end
  else if is "flips" then
    match ask ["start"; "step"] with
    | Some [_; i; k] => let? i := interval_of i in let? k := count k in Some (Certificate.Flips i k) | _ => None end
  else if is "mean-square" then
    match ask ["interval"; "bounds"] with
    | Some [_; i; b] => let? i := interval_of i in let? b := interval_of b in Some (MeanSquare i b) | _ => None end
  else if is "ratio" then
    match ask ["interval"; "bounds"] with
    | Some [_; i; b] => let? i := interval_of i in let? b := interval_of b in Some (Ratio i b) | _ => None end
  else if is "moments" then
    match ask ["interval"; "measure"; "mean"; "square"; "variance"] with
    | Some [_; i; measure; m; s; v] =>
        let? i := interval_of i in
        let? measure := word measure in
        let? m := interval_of m in let? s := interval_of s in let? v := interval_of v in
        if Reader.is measure "uniform" then Some (Moments i false m s v)
        else if Reader.is measure "log-uniform" then Some (Moments i true m s v) else None
    | _ => None end
  else if is "fixes" then
    match ask ["point"] with Some [_; i] => option_map Fixes (interval_of i) | _ => None end
  else if is "attracts" then
    match ask ["point"] with Some [_; i] => option_map Attracts (interval_of i) | _ => None end
  else if is "repels" then
    match ask ["point"] with Some [_; i] => option_map Repels (interval_of i) | _ => None end
  else if is "converges" then
    match ask ["point"; "upper"] with
    | Some [_; i; u] => let? i := interval_of i in let? u := rational u in Some (Converges i u) | _ => None end
  else if is "escapes" then
    match ask ["start"] with Some [_; i] => option_map Certificate.Escapes (interval_of i) | _ => None end
  else if is "cycles" then
    match ask ["intervals"] with Some [_; is] => option_map Cycles (each interval_of is) | _ => None end
  else if is "minimax" then
    match ask ["degree"; "interval"; "error"] with
    | Some [_; d; i; e] =>
        let? d := count d in let? i := interval_of i in let? e := rational e in Some (Minimax d i e)
    | _ => None end
  else if is "composition-bound" then
    match ask ["degrees"; "interval"; "error"] with
    | Some [_; ds; i; e] =>
        let? ds := each count ds in let? i := interval_of i in let? e := rational e in Some (CompositionBound ds i e)
    | _ => None end
  else if is "noisy-composition-bound" then
    match ask ["degrees"; "interval"; "errors"; "error"] with
    | Some [_; ds; i; es; e] =>
        let? ds := each count ds in let? i := interval_of i in let? es := rationals es in let? e := rational e in
        Some (NoisyCompositionBound ds i es e)
    | _ => None end
  else None.

(** Claims that members of a family in a box may make, and claims about one map repeated. *)
Definition about_members (c : claim) : bool :=
  match c with MapsInto _ _ | SignSafe _ | Certificate.Flips _ _ | Certificate.Escapes _ | Cycles _ => true | _ => false end.
Definition about_one_map (c : claim) : bool :=
  match c with
  | Fixes _ | Attracts _ | Repels _ | Converges _ _ | Certificate.Escapes _ | Cycles _ => true
  | _ => false
  end.

(** ** Witnesses *)

Section Witnesses.

Context {cuts : Type}.
Variable cuts_of : json -> option cuts.
Variable inner_too : bool.   (* may a step of maps-into have an inner interval beside the outer one? *)

Definition outer_of (beside : bool) (j : json) : option (step_of cuts) :=
  let? (values, more) := fields_or ["outer"; "splits"]%piece (if beside then ["inner"; "points"]%piece else []) j in
  let? _ := all_some array more in
  match values with
  | [o; s] => let? o := interval_of o in let? (a, b) := pair_of cuts_of s in Some (Step o a b)
  | _ => None
  end.
Definition inner_of (j : json) : option reach :=
  let? (values, more) := fields_or ["inner"; "points"]%piece ["outer"; "splits"]%piece j in
  let? _ := all_some array more in
  match values with
  | [i; ps] => let? i := interval_of i in let? (p, q) := pair_of rational ps in Some (Reach i p q)
  | _ => None
  end.
Definition ceiling_from (j : json) : option (ceiling_of cuts) :=
  match fields ["upper"; "splits"]%piece j with
  | Some [u; s] => let? u := rational u in let? (a, b) := pair_of cuts_of s in Some (Ceiling u a b)
  | _ => None
  end.

(** The chain that is asked for, and the other one, if a step has a key of it. *)
Definition if_any {A : Type} (keys : list piece) (read : json -> option A) (steps : list json) :
    option (option (list A)) :=
  if existsb (fun s => existsb (fun k => has k s) keys) steps then option_map Some (all_some read steps)
  else Some None.

Definition model_of (j : json) : option (list Q * list Q) :=
  match fields ["model"; "error"]%piece j with
  | Some [p; e] =>
      let? p := rationals p in let? e := rationals e in want few 33 p && few 33 e in Some (p, e)
  | _ => None
  end.

Definition alternation_of (j : json) : option (interval * Q * list Q) :=
  match fields ["interval"; "error"; "points"]%piece j with
  | Some [i; e; ps] =>
      let? i := interval_of i in let? e := rational e in let? ps := rationals ps in Some (i, e, ps)
  | _ => None
  end.

(** The witness of a claim about so many rows. *)
Definition witness_of_claim (rows : nat) (c : claim) (j : json) : option (witness_of cuts) :=
  let ask (name : piece) (keys : list piece) :=
    let? values := fields ("type"%piece :: keys) j in
    match values with
    | String s :: values => want is s name in Some values
    | _ => None
    end in
  let chain count := match ask "chain"%piece ["steps"]%piece with
                     | Some [s] => let? steps := array s in want Nat.eqb (length steps) count in Some steps
                     | _ => None
                     end in
  let splits count := match ask "splits"%piece ["splits"]%piece with
                      | Some [s] => option_map Splits (so_many count cuts_of s)
                      | _ => None
                      end in
  match c with
  | MapsInto _ _ =>
      let? steps := chain rows in
      let? outers := all_some (outer_of inner_too) steps in
      let? inners := if_any ["inner"; "points"]%piece inner_of steps in
      Some (Chain (Some outers) inners)
  | Attains _ _ =>
      let? steps := chain rows in
      let? inners := all_some inner_of steps in
      let? outers := if_any ["outer"; "splits"]%piece (outer_of true) steps in
      Some (Chain outers (Some inners))
  | RobustBand _ _ _ =>
      let? steps := chain rows in
      let? outers := all_some (outer_of false) steps in Some (Chain (Some outers) None)
  | Certificate.Flips _ step =>
      let? steps := chain step in
      let? outers := all_some (outer_of false) steps in Some (Chain (Some outers) None)
  | AllBut _ _ given _ =>
      match ask "widened" ["widths"; "counts"; "relative"; "steps"] with
      | Some [widths; counts; relative; steps] =>
          let? widths := so_many rows rational widths in
          let? counts := so_many rows exceptions_of counts in
          let? relative := each (pair_of boolean) relative in
          let? ends := if has_shares given then want Nat.eqb (length relative) rows in Some relative
                       else match relative with [] => Some (repeat (false, false) rows) | _ => None end in
          let? steps := so_many rows (outer_of false) steps in
          Some (Widened (combine (combine widths counts) ends) steps)
      | _ => None
      end%piece
  | SignSafe _ =>
      match ask "uppers" ["steps"] with
      | Some [s] => option_map Uppers (so_many rows ceiling_from s)
      | _ => None
      end%piece
  | Slope _ => match ask "none"%piece [] with Some [] => Some Nothing | _ => None end
  | Fixes _ => splits 1
  | Attracts _ => splits 3
  | Repels _ => splits 2
  | Converges _ _ => splits 6
  | MeanSquare _ _ =>
      match ask "cells" ["points"; "chains"] with
      | Some [ps; chains] =>
          let? ps := rationals ps in
          let? chains := so_many (S (length ps)) (so_many rows (outer_of false)) chains in
          Some (Parts ps chains)
      | _ => None
      end%piece
  | Ratio _ _ | Moments _ _ _ _ _ =>
      match ask "models" ["points"; "cells"] with
      | Some [ps; cells] =>
          let? ps := rationals ps in
          let? cells := so_many (S (length ps)) (so_many rows model_of) cells in
          Some (Models ps cells)
      | _ => None
      end%piece
  | Certificate.Escapes _ =>
      match ask "escape" ["steps"; "radius"; "ratio"; "splits"] with
      | Some [steps; r; k; s] =>
          let? steps := each (outer_of false) steps in
          let? r := rational r in let? k := rational k in let? s := cuts_of s in
          Some (Past steps r k s)
      | _ => None
      end%piece
  | Cycles is =>
      match ask "cycle" ["splits"; "bounds"] with
      | Some [s; b] =>
          let? s := so_many (length is) (so_many 4 cuts_of) s in
          let? b := rationals b in
          Some (Cycle s b)
      | _ => None
      end%piece
  | Minimax _ _ _ =>
      match ask "alternation" ["points"] with
      | Some [ps] => option_map Alternation (rationals ps)
      | _ => None
      end%piece
  | CompositionBound _ _ _ | NoisyCompositionBound _ _ _ _ =>
      match ask "alternations" ["steps"] with
      | Some [s] => option_map Alternations (so_many rows alternation_of s)
      | _ => None
      end%piece
  end.

End Witnesses.

(** ** Claims about families *)

Definition properties : list (piece * property) :=
  [("converges", Convergent); ("sign-safe", Families.SignSafe); ("bounded", Bounded); ("positive", Positive);
   ("attracting", Attracting); ("multiplier-above-1", MultiplierAbove);
   ("multiplier-below-minus-1", MultiplierBelow); ("flips", Families.Flips); ("escapes", Families.Escapes);
   ("escapes-alternating", EscapesAlternating); ("lands", Lands); ("returns", Returns)]%piece.
Definition criticals : list (piece * critical) :=
  [("fixed-point", FixedPoint); ("landing", Landing); ("antipode", Antipode); ("zero", Zero)]%piece.

Definition named {A : Type} (names : list (piece * A)) (j : json) : option A :=
  let? s := word j in option_map snd (find (fun e => is s (fst e)) names).

(** A grid in the order (parameters, y), read as (y, parameters). *)
Definition grid_from (n : nat) (j : json) : option (list (list Q)) := option_map turned (so_many (S n) rationals j).

(** Does the property ask for something at one y? So many of its first conditions do. *)
Definition at_one_y (what : property) : nat :=
  match what with Families.Flips | Lands | Returns => 1 | Families.Escapes | EscapesAlternating => 2 | _ => 0 end.

Definition patch_of (n : nat) (axis_of : interval -> axis) (at_point : bool) (j : json) : option patch :=
  match j with
  | Array [place; grid; y] =>
      let? place := option_map (map axis_of) (so_many n interval_of place) in
      let? grid := grid_from n grid in
      if at_point then let? y := rational y in Some (Patch place grid (Some y))
      else match y with Null => Some (Patch place grid None) | _ => None end
  | _ => None
  end.

Definition region_of (n : nat) (row : list (list monomial)) (claim witness : json) : option certificate :=
  match fields ["type"; "property"; "boxes"; "open"]%piece claim, fields ["type"; "covers"; "uses"]%piece witness with
  | Some [_; what; boxes; Boolean interior], Some [String name; covers; uses] =>
      want is name "covers" in
      let? what := named properties what in
      let? boxes := each (so_many n interval_of) boxes in
      let? covers := array covers in
      let first := at_one_y what in
      let axis_of := if interior then open_axis else closed_axis in
      let? at_point := all_some (each (patch_of n axis_of true)) (firstn first covers) in
      let? everywhere := all_some (each (patch_of n axis_of false)) (skipn first covers) in
      let? uses := so_many (length boxes) (so_many (length covers) (integer 0 (2 ^ 32))) uses in
      Some (Certificate.Region n row what (map (map axis_of) boxes)
              (at_point ++ everywhere) uses)
  | _, _ => None
  end.

(** Which condition is the critical one. *)
Definition place_of (how : critical) : nat := match how with FixedPoint | Landing => 1 | _ => 2 end.
Fixpoint without {A : Type} (i : nat) (l : list A) : list A :=
  match i, l with O, _ :: rest => rest | S i', a :: rest => a :: without i' rest | _, [] => [] end.

(** The conditions of a property that may end. *)
Definition ends (what : property) (how : critical) : option nat :=
  match what, how with
  | Convergent, (FixedPoint | Landing) => Some 4
  | Families.SignSafe, Zero | Bounded, FixedPoint | Bounded, Antipode => Some 3
  | _, _ => None
  end.

Definition threshold_keys : list piece :=
  ["type"; "window"; "core"; "below"; "edges"; "falling"; "tail"; "grid"; "points"; "u"; "v"; "cofactor"; "nonzero";
   "alone"]%piece.

Definition threshold_of (n : nat) (row : list (list monomial)) (claim witness : json) : option certificate :=
  match fields ["type"; "property"; "critical"; "range"; "others"; "polynomial"; "isolating"]%piece claim,
        fields threshold_keys witness with
  | Some [_; what; how; range; others; m; isolating],
    Some [String name; window; core; below; edges; falling; tail; grid; points; u; v; cofactor; nonzero; alone] =>
      want is name "threshold" in
      let? what := named properties what in
      let? how := named criticals how in
      let? needed := ends what how in
      let? range := interval_of range in
      let? others := box_of (pred n) others in
      let? m := option_map normal (polynomial_of n m) in
      let? isolating := match n with
                        | 1 => option_map Some (interval_of isolating)
                        | _ => match isolating with Null => Some None | _ => None end
                        end in
      let? window := interval_of window in
      let? core := interval_of core in
      let grid_of := grid_from n in
      let? below := so_many needed grid_of below in
      let? (low, high) := pair_of grid_of edges in
      let? falling := grid_of falling in
      let? tail := match how, tail with Zero, Array [] => Some [] | Zero, _ => None | _, _ => grid_of tail end in
      let? grid := so_many n rationals grid in
      let? points := rationals points in
      let? u := turned_polynomial n u in
      let? v := turned_polynomial n v in
      let? cofactor := turned_polynomial n cofactor in
      let? nonzero := grid_of nonzero in
      let? alone := match n, alone with 1, _ => grid_of alone | _, Array [] => Some [] | _, _ => None end in
      let k := place_of how in
      Some (Certificate.Threshold n row what how range others m isolating
              (Contact window core (nth 0 below []) (nth k below []) (without 0 (without k below))
                 low high falling tail grid points u v cofactor nonzero) alone)
  | _, _ => None
  end.

(** ** Whole files *)

Definition schedule_of (rows claim witness : json) : option certificate :=
  let? rows := rows_of rational is_zero rows in
  let? c := claim_of claim in
  want negb (about_one_map c) || constant Qeq_bool rows in
  let? w := witness_of_claim rationals true (length rows) c witness in
  Some (Certificate.Schedule rows c w).

Definition family_of (family claim witness : json) : option certificate :=
  if has "box" family then
    match fields ["parameters"; "rows"; "box"]%piece family with
    | Some [names; rows; box] =>
        let? n := parameters_of names in
        let? rows := rows_of (polynomial_of n) vanishes rows in
        let rows := map (map normal) rows in
        let? box := box_of n box in
        let? c := claim_of claim in
        want about_members c in
        want negb (about_one_map c) || constant equal_monomials rows in
        let? w := witness_of_claim (grid_from n) false (length rows) c witness in
        Some (Members n rows box c w)
    | _ => None
    end
  else
    match fields ["parameters"; "coefficients"]%piece family with
    | Some [names; row] =>
        let? n := parameters_of names in
        let? rows := rows_of (polynomial_of n) vanishes (Array [row]) in
        let row := map normal (hd [] rows) in
        let? entries := match claim with Object entries => Some entries | _ => None end in
        let? kind := lookup "type" entries in
        let? kind := word kind in
        if is kind "region" then region_of n row claim witness
        else if is kind "threshold" then threshold_of n row claim witness
        else None
    | _ => None
    end.

Definition format_is (j : json) (name : piece) : bool := match j with String s => is s name | _ => false end.

Definition certificate_of (j : json) : option certificate :=
  let family := has "family" j in
  let keys := ["format"; if family then "family" else "schedule"; "claim"; "witness"]%piece in
  match fields_or keys ["provenance"]%piece j with
  | Some ([format; subject; claim; witness], _) =>
      want format_is format "muon-theory/certificate/1" in
      if family then family_of subject claim witness else schedule_of subject claim witness
  | _ => None
  end.

(** The certificates of a file: one, or those of a bundle. *)
Definition read (t : text) : option (list certificate) :=
  let? j := parse t in
  match j with
  | Object entries =>
      if match lookup "format" entries with Some f => format_is f "muon-theory/bundle/1" | None => false end then
        match fields_or ["format"; "certificates"]%piece ["provenance"]%piece j with
        | Some ([_; cs], _) =>
            let? cs := each certificate_of cs in
            match cs with [] => None | _ => Some cs end
        | _ => None
        end
      else let? c := certificate_of j in Some [c]
  | _ => None
  end.
