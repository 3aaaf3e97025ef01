(** * From a text to certificates

    What [check.py] reads, and refuses to read. Whether a witness proves its
    claim is not decided here. *)

From Coq Require Import ZArith QArith List Bool.
From MuonTheory Require Import Polynomial Schedule Several Box Monomials Families Region Threshold Json Certificate.
From MuonTheory Require Export Fields ReadClaims ReadWitnesses.
Import ListNotations.
Local Open Scope piece_scope.
Local Open Scope nat_scope.

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
