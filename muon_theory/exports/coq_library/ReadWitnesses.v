(** * Witnesses, as they are read *)

From Coq Require Import NArith ZArith QArith List Bool.
From Coq Require Strings.Byte.
From MuonTheory Require Import Polynomial Schedule Chains Bands Several Box Monomials Json Certificate Fields ReadClaims.
From MuonTheory Require Refuted Boxes Exceptions.
Import ListNotations.
Local Open Scope piece_scope.
Local Open Scope nat_scope.

(** ** Trees of boxes *)

(** What stands between the separators; an empty text is one empty word. *)
Fixpoint split_on (separator : byte) (s : list byte) : list (list byte) :=
  match s with
  | [] => [[]]
  | b :: rest =>
      match split_on separator rest with
      | first :: more => if Byte.eqb b separator then [] :: first :: more else (b :: first) :: more
      | [] => []
      end
  end.

(** So many digits at most, leading zeros too. *)
Definition short_number (most : nat) (s : list byte) : option Z :=
  want few most s in match digits s 0 with (z, []) => Some z | _ => None end.
Definition place_number (s : list byte) : option nat := option_map Z.to_nat (short_number 5 s).

Fixpoint in_pairs {A : Type} (l : list A) : option (list (A * A)) :=
  match l with [] => Some [] | a :: b :: rest => option_map (cons (a, b)) (in_pairs rest) | _ => None end.

Definition chain_of (s : list byte) : option (list (nat * nat)) :=
  match s with [] => Some [] | _ => let? ps := all_some place_number (split_on ","%byte s) in in_pairs ps end.

Definition term_of (s : list byte) : option (nat * nat * Z) :=
  match split_on ","%byte s with
  | [k; z; a] =>
      let? k := short_number 2 k in let? z := place_number z in
      let? a := match a with ("-"%byte) :: a => option_map Z.opp (short_number 8 a) | _ => short_number 8 a end in
      Some (Z.to_nat k, z, a)
  | _ => None
  end.

(** A letter, which halves along an axis; !, where f'(1) is not what is asked; or another leaf. *)
Definition tree_word (s : list byte) : option Boxes.word :=
  match s with
  | [b] =>
      if Byte.eqb b "!"%byte then Some Boxes.Elsewhere
      else want between "a"%byte b "z"%byte in Some (Boxes.Halve (N.to_nat (Byte.to_N b - Byte.to_N "a"%byte)))
  | _ =>
      match split_on "?"%byte s with
      | [s] =>
          match split_on "="%byte s with
          | [chain; z] => let? chain := chain_of chain in let? z := place_number z in Some (Boxes.Leaf chain (Refuted.Sign z))
          | _ => None
          end
      | chain :: terms =>
          want few 20 terms in
          let? chain := chain_of chain in let? terms := all_some term_of terms in
          Some (Boxes.Leaf chain (Refuted.Terms terms))
      | [] => None
      end
  end.

Definition tree_of (j : json) : option (list Boxes.word) :=
  let? s := word j in all_some tree_word (split_on " "%byte s).

(** ** The witness of a claim *)

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
  | ConstantBound _ _ _ _ _ _ _ =>
      match ask "boxes" ["growth"; "nodes"; "box"; "points"; "tree"] with
      | Some [growth; nodes; box; points; tree] =>
          match fields ["top"; "points"] growth with
          | Some [top; ts] =>
              let? top := rational top in let? ts := rationals ts in
              let? nodes := rationals nodes in let? box := each interval_of box in let? points := rationals points in
              let? tree := tree_of tree in
              Some (Boxed top ts nodes box points tree)
          | _ => None
          end
      | _ => None
      end%piece
  end.

End Witnesses.
