;(names, members, ends) => {
  const sets = new Array(ends.length)
  for (let index = 0, place = 0; index < ends.length; index++) {
    const set = new Array(ends[index] - place)
    for (let member = 0; member < set.length; member++, place++) set[member] = names[members[place]]
    sets[index] = set
  }
  return sets
}
