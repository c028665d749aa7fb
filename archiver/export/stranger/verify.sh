#!/usr/bin/env bash
# Checks a bundle of archiver with bash (4 or newer), coreutils and openssl (3 or newer), without any network.
#
#     bash verify.sh [--key FINGERPRINT] [FOLDER]
#
# FINGERPRINT is the archive's, told to you on another way than this bundle. FOLDER is the bundle; by default the one
# that this file lies in. Whoever can change the bundle can change this file too: take it from another place if you can.
# Ends with 0: all holds, and the key is the one you named; 2: all holds, and you named no key; 1: something does not.
set -uo pipefail
export LC_ALL=C
shopt -s dotglob nullglob globstar

faults=0
told() { printf '%s\n' "${*//[^[:print:]]/?}"; } # what a bundle says may hold anything; only plain characters are shown
fault() { told "WRONG: $*"; faults=$((faults + 1)); }
stop() { told "WRONG: $*"; told 'Nothing is proved.'; exit 1; }

wanted='' folder=${BASH_SOURCE[0]%/*}
[ "$folder" != "${BASH_SOURCE[0]}" ] || folder=.
while (($#)); do
    case $1 in
    --key) wanted=${2-}; [[ $wanted =~ ^[0-9a-f]{64}$ ]] || stop 'a fingerprint has 64 digits, 0-9 and a-f'; shift 2 ;;
    *) folder=$1; shift ;;
    esac
done
cd -- "$folder" || stop "no folder $folder"
for tool in openssl sha256sum base64 tail od tr mktemp; do
    command -v "$tool" >/dev/null || stop "$tool is missing on this machine"
done
scratch=$(mktemp -d) || stop 'no room for temporary files'
trap 'rm -rf -- "$scratch"' EXIT

# bytes HEX: writes the bytes (of anything else: words that hash to nothing true).   sha256: the digest of what comes in, into $digest.
bytes() {
    local i out=''
    [[ $1 =~ ^([0-9a-f][0-9a-f])*$ ]] || { printf 'not hexadecimal'; return; }
    for ((i = 0; i < ${#1}; i += 2)); do out+="\\x${1:i:2}"; done
    printf "$out"
}
sha256() { digest=$(sha256sum) && digest=${digest%% *}; }
# node LEFT RIGHT: the hash of a node of the tree (RFC 6962), into $digest; many proofs share their upper nodes.
declare -A nodes=()
node() {
    digest=${nodes[$1$2]-}
    [ -n "$digest" ] || { digest=$(bytes "01$1$2" | sha256sum) && digest=${digest%% *} && nodes[$1$2]=$digest; }
}
# signed FILE SIGNATURE [KEY]: whether the archive's key signed the file, or an earlier one of its keys.
signed() { openssl pkeyutl -verify -pubin -inkey "${3:-data/key.pem}" -rawin -in "$1" -sigfile "$2" >/dev/null 2>&1; }

# 1. Every file is listed, and is what the lists say (BagIt: RFC 8493).
[ -f data/key.pem ] && [ -f files.sha256 ] && [ -f data/checkpoint.txt ] || stop 'this is no whole bundle'
declare -A listed=([files.sha256]=1 [files.sha256.sig]=1 [tagmanifest-sha256.txt]=1)
declare -A about=() held=()
while IFS= read -r line; do
    if [[ $line =~ ^'# '([a-z]+)' '(.*)$ ]]; then
        word=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]}
        if [[ $word = item && $rest =~ ^[0-9a-f]{64}$ ]]; then held[$rest]=''; else about[$word]=$rest; fi
    elif [[ $line =~ ^[0-9a-f]{64}'  '([A-Za-z0-9_./-]+)$ && ${BASH_REMATCH[1]} != *..* && ${BASH_REMATCH[1]} != /* ]]; then
        listed[${BASH_REMATCH[1]}]=1
    elif [ "$line" != '# archiver-files-1' ]; then
        fault "files.sha256 has a line that is none of its own: $line"
    fi
done <files.sha256
files=0
for path in **; do
    if [ -L "$path" ]; then fault "$path is a link, and no file"; continue; fi
    [ -d "$path" ] && continue
    [ -f "$path" ] && [ -n "${listed[$path]-}" ] || fault "$path is in no list"
    files=$((files + 1))
done
for list in files.sha256 manifest-sha256.txt tagmanifest-sha256.txt; do
    sha256sum --check --strict --quiet -- "$list" >"$scratch/answer" 2>&1 ||
        while IFS= read -r line; do fault "$list: $line"; done <"$scratch/answer"
done
[ -f bagit.txt ] && [ "$(<bagit.txt)" = $'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8' ] || fault 'bagit.txt is another'

# 2. Whose key it is. That the key is the archive's, nothing in a bundle can prove.
digest=$(openssl pkey -pubin -in data/key.pem -outform DER 2>/dev/null | tail -c 32 | sha256sum)
key=${digest%% *}
[ "$key" = "${about[key]-}" ] || fault 'the list of files names another key'

# 3. The list of files is signed.
signed files.sha256 files.sha256.sig || fault 'the signature of files.sha256 is not by this key'

# 4. The checkpoint, the head of the log, is signed (C2SP tlog-checkpoint).
{ IFS= read -r origin && IFS= read -r size && IFS= read -r root; } <data/checkpoint.txt || stop 'no checkpoint'
printf '%s\n%s\n%s\n' "$origin" "$size" "$root" >"$scratch/text"
checked=''
while IFS= read -r line; do
    [[ $line == '— '"$origin "* ]] || continue
    base64 -d <<<"${line##* }" 2>/dev/null | tail -c +5 >"$scratch/signature"
    signed "$scratch/text" "$scratch/signature" && checked=1
done <data/checkpoint.txt
[ -n "$checked" ] || fault 'the signature of data/checkpoint.txt is not by this key'
[[ $size =~ ^[1-9][0-9]{0,17}$ ]] || stop 'the checkpoint has no size'
log=${origin//\\/\\\\} log=\"${log//\"/\\\"}\"
[ "$size" = "${about[checkpoint]-}" ] && [ "$log" = "${about[log]-}" ] || fault 'the list of files names another checkpoint'
root=$(base64 -d <<<"$root" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')

# 5. Where the archive exchanged its key: each one signed that it gives way to the next, which signed that it takes over.
#    From which event on, and before which, each was in force, is in from[] and before[].
hash='[0-9a-f]{64}' whole='^(0|[1-9][0-9]{0,11})$' newest=$key doubtful=''
declare -A from=([$key]=0) before=()
if [ -f data/keys.txt ]; then
    from=() newest=''
    while read -r word place old new endorsement possession; do
        if [[ $word = archiver-keys-1 && -z $place ]]; then
            continue
        elif [[ $word = first && -z $newest && $place =~ ^$hash$ ]]; then
            newest=$place from[$place]=0
        elif [[ $word = rotation && $place =~ $whole && -n $newest && $old = "$newest" && $new =~ ^$hash$ && -z ${from[$new]-} ]] &&
            ((place >= ${from[$old]})); then
            printf 'archiver-key-rotation-1\nlog %s\nevent %s\nold %s\nnew %s\n' "$origin" "$place" "$old" "$new" >"$scratch/text"
            for by in "$old $endorsement" "$new $possession"; do
                base64 -d <<<"${by#* }" >"$scratch/signature" 2>/dev/null
                signed "$scratch/text" "$scratch/signature" "data/keys/${by% *}.pem" ||
                    fault "data/keys.txt: the key ${by% *} did not sign that the key is exchanged at event $place"
            done
            newest=$new from[$new]=$((place + 1)) before[$old]=$((place + 1))
        elif [[ $word = doubtful && $place =~ $whole && $old =~ $whole ]]; then
            doubtful+=" $place-$old"
        else
            fault 'data/keys.txt has a line that is none of its own, or out of its order'
        fi
    done <data/keys.txt
    for by in "${!from[@]}"; do
        digest=$(openssl pkey -pubin -in "data/keys/$by.pem" -outform DER 2>/dev/null | tail -c 32 | sha256sum)
        [ "${digest%% *}" = "$by" ] || fault "data/keys/$by.pem is another key than its name says"
    done
    [ "$newest" = "$key" ] || fault 'data/key.pem is not the key that data/keys.txt leads to'
    ((size >= ${from[$key]:-0})) || fault 'the checkpoint is older than the key that signed it'
fi
[ -z "$wanted" ] || [ -n "${from[$wanted]-}" ] || fault "the bundle is signed by ANOTHER KEY: $key"

# 6. Each event: its leaf, its signature, its fields, and that it stands in the log (RFC 6962) at its place.
text='"([^"\\]|\\.)*"'
shape='^\{"actor":'$text',"commitment":"('$hash')","format":"archiver-event-1","key":"('$hash')","kind":"([a-z-]+)","log":('$text')'
shape+=',"previous":(null|"'$hash'"),"sequence":([0-9]+),"subject":"('$hash')","time":'$text',"tool":'$text'\}$'
declare -A leaf_at=() place_of=() subject_of=() previous_of=() taken_in=()
events=0 opened=0 sealed=0 erased=0 shown=0 hidden=0
for file in data/events/*; do
    events=$((events + 1)) place='' leaf='' envelope='' signature='' digests='' gone='' proof=()
    { IFS= read -r line && [ "$line" = archiver-event-file-1 ] || fault "$file is no event"
      while read -r word rest; do
        case $word in
        place) place=$rest ;;
        leaf) leaf=$rest ;;
        envelope) envelope=$rest ;;
        signature) signature=$rest ;;
        proof) proof+=("$rest") ;;
        erased) gone=1 ;;
        hidden) digests+=",\"${rest% *}\":\"${rest##* }\"" hidden=$((hidden + 1)) ;;
        shown)
            field=${rest%% *} rest=${rest#* }
            [[ $rest =~ ^$hash' ' ]] || fault "$file: the field $field has no salt"
            { bytes "${rest%% *}"; printf '%s' "${rest#* }"; } >"$scratch/field"
            sha256 <"$scratch/field"
            digests+=",\"$field\":\"$digest\"" shown=$((shown + 1)) ;;
        *) fault "$file has a line that is none of its own: $word" ;;
        esac
      done; } <"$file"
    [[ $place =~ ^(0|[1-9][0-9]{0,11})$ && $leaf =~ ^$hash$ ]] || { fault "$file has no place or no leaf"; continue; }
    [ "$file" = "$(printf 'data/events/%012d.txt' "$place")" ] || fault "$file is not the event that its name says"
    leaf_at[$place]=$leaf place_of[$leaf]=$place
    if [ -z "$envelope" ]; then
        sealed=$((sealed + 1))
        [ -z "$signature$digests$gone" ] || fault "$file is neither open nor sealed"
    elif [[ $envelope =~ $shape ]]; then
        commitment=${BASH_REMATCH[2]} by=${BASH_REMATCH[3]} kind=${BASH_REMATCH[4]} of=${BASH_REMATCH[5]}
        previous=${BASH_REMATCH[7]//\"/} sequence=${BASH_REMATCH[8]} subject=${BASH_REMATCH[9]} opened=$((opened + 1))
        [ "$of" = "$log" ] && [ -n "${from[$by]-}" ] || fault "$file is of another log, or by another key"
        ((place >= ${from[$by]:-0} && place < ${before[$by]:-place + 1})) || fault "$file: its key was not in force there"
        [ "$sequence" = "$place" ] || fault "$file stands at another place than its envelope says"
        printf '%s' "$envelope" >"$scratch/envelope"
        { printf '\0'; printf '%s' "$envelope"; } >"$scratch/field"
        sha256 <"$scratch/field"
        [ "$digest" = "$leaf" ] || fault "$file: the leaf is not that of the envelope"
        base64 -d <<<"$signature" >"$scratch/signature" 2>/dev/null
        pem=data/key.pem
        [ ! -f data/keys.txt ] || pem=data/keys/$by.pem
        signed "$scratch/envelope" "$scratch/signature" "$pem" || fault "$file: the signature is not by this key"
        if [ -n "$gone" ]; then
            erased=$((erased + 1))
        else
            printf '{%s}' "${digests#,}" >"$scratch/field"
            sha256 <"$scratch/field"
            [ "$digest" = "$commitment" ] || fault "$file: the fields are not those that were committed to"
        fi
        subject_of[$place]=$subject previous_of[$place]=$previous
        [ "$kind" != acquisition ] || taken_in[$subject]=1
    else
        fault "$file: the envelope has another form"
    fi
    # The proof, by RFC 9162, 2.1.3.2.
    index=$place last=$((size - 1)) digest=$leaf
    ((index <= last)) || fault "$file lies behind the checkpoint"
    for step in "${proof[@]}"; do
        [[ $step =~ ^$hash$ ]] && ((last > 0)) || { digest=none; break; }
        if ((index & 1 || index == last)); then
            node "$step" "$digest"
            while ((index && !(index & 1))); do index=$((index >> 1)) last=$((last >> 1)); done
        else
            node "$digest" "$step"
        fi
        index=$((index >> 1)) last=$((last >> 1))
    done
    ((last == 0)) && [ "$digest" = "$root" ] || fault "$file: the event is not in the log at this place"
done
((events)) || fault 'there is no event'

# 7. No event about an item is missing between those that are here: each names the one before it.
chained=0
for place in "${!previous_of[@]}"; do
    [ -n "${held[${subject_of[$place]}]+x}" ] || continue
    previous=${previous_of[$place]}
    if [ "$previous" = null ]; then chained=$((chained + 1)); continue; fi
    if [ -z "${place_of[$previous]-}" ]; then
        fault "event $place: the event before it, of the same item, was left out"
    elif ((place_of[$previous] >= place)); then
        fault "event $place names a later event as the one before it"
    else
        chained=$((chained + 1))
    fi
done

# 8. Each original has the digest that it is named by, and a signed event says that it was taken in.
originals=0 tied=0
for file in data/originals/*; do
    name=${file##*/} item=${name%%.*} originals=$((originals + 1))
    [[ $item =~ ^$hash$ && -f $file ]] || { fault "$file is no original"; continue; }
    sha256 <"$file"
    [ "$digest" = "$item" ] || fault "$file has another SHA-256 than its name says"
    [ -n "${held[$item]+x}" ] || fault "$file belongs to no item that the list names"
    [ -z "${taken_in[$item]-}" ] || tied=$((tied + 1))
    [ -n "${taken_in[$item]-}" ] || ((sealed)) || fault "$file: no event says that it was taken in"
done

((!faults)) || { told ''; told "$faults things are WRONG. Rely on nothing in this bundle before somebody explained them."; exit 1; }
told 'PROVED, if the key is the archive'"'"'s:'
told "  $files files are those that the archive signed a list of; none is missing, none was added."
told "  $events events stand in the log of $origin, each at its place among the first $size."
((!opened)) || told "  $opened of them are open: signed by the archive, and the $shown fields shown are those that were recorded."
((!chained)) || told "  $chained of them name the event before them about the same item, and it is here, or there is none."
((!originals)) || told "  $originals originals have the digest that they are named by; of $tied a signed event says they were taken in."
((${#from[@]} == 1)) || told "  ${#from[@]} keys have signed the log, one after the other: each gave way to the next, and both signed that."
told 'NOT PROVED:'
[ -z "$doubtful" ] || told "  by whom the events$doubtful were signed: the archive says itself that somebody else may have had the key;"
told '  that what was recorded is true, or that a picture shows what somebody says of it;'
told '  that the times are right: they are those of the archive'"'"'s clock;'
told '  that nothing was recorded later than the newest event here, or left out at the end;'
((!hidden)) || told "  what the $hidden withheld fields hold: their digests are here, their values are not;"
((!sealed)) || told "  what the $sealed sealed events state: that they stand in the log is proved, and nothing else;"
((!erased)) || told "  what the $erased erased events stated;"
told '  what record.json, record.jsonld, ro-crate-metadata.json and report.html say beyond the events: the archive signed'
told '  them as its own account.'
told "THE KEY has the fingerprint $key"
[ "$wanted" != "$key" ] || { told '  It is the one that you named.'; exit 0; }
[ -z "$wanted" ] || { told '  It took over from the one that you named, which was in force earlier.'; exit 0; }
told '  NOT CHECKED: whether it is the archive'"'"'s. Ask for the fingerprint on another way than this bundle came, and'
told '  compare all 64 digits, or run: bash verify.sh --key FINGERPRINT. Somebody who made all of this anew, with a key of'
told '  their own, is found by that and by nothing else.'
exit 2
